// What `oversoak --help` costs: it is to load no command.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from 'simple-statistics';
import { aimsTable, allHeld, atMost } from './echo/aim.ts';
import { ratioOf, ratioText } from './echo/ratio.ts';

const BIN = join(fileURLToPath(new URL('../../../', import.meta.url)), 'cli/bin/oversoak.js');
const GOAL_SECONDS = 0.3;

/** Prints the CPU time of `oversoak --help` beside that of an empty program; `true`: goal met. */
export function benchHelp({ rounds }: { rounds: number }): boolean {
  const help: number[] = [];
  const empty: number[] = [];
  while (help.length < rounds) {
    help.push(cpuSeconds(BIN, '--help'));
    empty.push(cpuSeconds('--eval', '0'));
  }
  console.log(
    `CPU time of oversoak --help: ${ratioText(ratioOf(help, empty))} that of an empty program`,
  );
  const aims = [atMost('oversoak --help', GOAL_SECONDS, median(help), 's of CPU')];
  console.log(aimsTable(aims));
  return allHeld(aims);
}

/** User and system time of a run, as that process itself counts it. */
function cpuSeconds(...argv: string[]): number {
  const report =
    'process.on("exit", () => { const { user, system } = process.cpuUsage(); ' +
    'process.stderr.write(String((user + system) / 1e6)); });';
  const preload = `data:text/javascript,${encodeURIComponent(report)}`;
  const { status, stderr } = spawnSync(process.execPath, ['--import', preload, ...argv], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
  return Number(stderr);
}
