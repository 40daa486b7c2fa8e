// The command lines of the documentation are run as they stand there, in its order, on its files: real
// processes, with the dry engine. Only the soaks are shortened, and what is written in capitals
// (SOAK_ID) is a real one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { madeSoakFile } from '@oversoak/testing/builders/made-soak';
import { REPOSITORY } from '@oversoak/testing/repository';
import { until } from '@oversoak/testing/waiting/until';
import { parse } from 'yaml';
import { LINUX_PRESET_REFUSED } from '../e2e/commands.ts';
import { FaultCluster } from '../faults/cluster.ts';
import { TOKEN } from '../faults/plane-process.ts';
import { blocksOf, commandsOf, fileNameOf, npmLinesOf } from './documented-lines.ts';

const MAIN = fileURLToPath(import.meta.resolve('oversoak/main'));
/** In the order in which a reader meets them: later pages compare what earlier ones have run. */
const PAGES = [
  'README.md',
  'docs/getting-started.md',
  'docs/how-to/nightly.md',
  'docs/how-to/compare.md',
  'docs/how-to/console.md',
  'docs/how-to/keep-results.md',
  'docs/security.md',
];
const SHORT = {
  phases: { rampUpSeconds: 0, warmUpSeconds: 0, measureSeconds: 1, drainSeconds: 1 },
  repeats: 1,
  thresholds: [],
};
/** Files that pages name without showing them. */
const AS = { 'soak.yaml': 'hello.yaml' } as const;

/** A soak or a schedule of the documentation, shortened; nobody outside is called. */
function shortened(given: Record<string, unknown>): object {
  const { webhook: _, spec, ...rest } = given;
  return spec === undefined ? { ...rest, ...SHORT } : { ...rest, spec: { ...spec, ...SHORT } };
}

/** Of a program that runs to its end. */
async function outputOf(
  program: string,
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<{ code: number; output: string }> {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number>((resolve) => child.on('close', resolve));
  return { code, output };
}

/** Every page. */
async function documentation(): Promise<string[]> {
  const below = await readdir(join(REPOSITORY, 'docs'), { recursive: true });
  const docs = below.filter((name) => name.endsWith('.md')).map((name) => join('docs', name));
  return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...docs];
}

describe('the command lines of the documentation', () => {
  let cluster: FaultCluster;
  let folder: string;
  /** Two finished soaks with figures, whatever else this machine does. */
  let made: [string, string];

  const imported = async (seed: number): Promise<string> => {
    const cells = { notifiers: ['iocp', 'event'] as const, sessions: [100], repeats: 2 };
    const { soakId, text } = madeSoakFile({ name: 'hello', ...cells, seed });
    await cluster.api.importSoak(new Blob([text]).stream());
    return soakId;
  };

  before(async () => {
    cluster = await FaultCluster.start();
    made = [await imported(1), await imported(2)];
    folder = await mkdtemp(join(tmpdir(), 'oversoak-documentation-'));
    const files = new Map<string, object>();
    for (const block of PAGES.flatMap(blocksOf)) {
      const name = block.language === 'yaml' ? fileNameOf(block) : null;
      if (name !== null) files.set(name, shortened(parse(block.text)));
    }
    for (const [name, source] of Object.entries(AS)) files.set(name, files.get(source) ?? {});
    for (const [name, spec] of files) await writeFile(join(folder, name), JSON.stringify(spec));
  });
  after(async () => {
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const run = (words: readonly string[]) =>
    outputOf(process.execPath, [MAIN, ...words], {
      cwd: folder,
      env: { ...process.env, OVERSOAK_URL: cluster.plane.url, OVERSOAK_TOKEN: TOKEN },
    });

  /** One that is not done, for `cancel`. */
  async function submitted(): Promise<string> {
    const { output } = await run(['submit', 'hello.yaml']);
    return output.match(/soak-[0-9a-z]{26}/)?.[0] ?? assert.fail(output);
  }

  /** What stands for a value in a command line, as a value of this cluster. */
  async function filledIn(word: string, [command]: readonly string[]): Promise<string> {
    if (word === 'SOAK_ID' && command === 'cancel') return submitted();
    const [older, newer] = made;
    const values: Record<string, () => Promise<string | undefined>> = {
      SOAK_ID: async () => newer,
      SOAK_A: async () => older,
      SOAK_B: async () => newer,
      RUN_ID: async () => (await cluster.api.soak(newer)).runs[0]?.runId,
      AGENT_ID: async () => cluster.server.agentId,
      SCHEDULE: async () => 'nightly',
      ID: async () => (await run(['tokens', 'list'])).output.match(/^(\S+) +ci\b/m)?.[1],
    };
    const found = Object.keys(values).find((name) => new RegExp(`\\b${name}\\b`).test(word));
    if (found === undefined) return word;
    const value = (await values[found]?.()) ?? assert.fail(`nothing stands for ${found}`);
    return word.replace(found, value);
  }

  /** A trend needs a night. */
  async function nightDone(): Promise<void> {
    await until(
      'a soak of the schedule is done',
      async () =>
        (await run(['soaks', '--schedule', 'nightly', '--state', 'done'])).output.includes('soak-'),
      60_000,
    );
  }

  /** Done, or with a verdict of its own: a soak of a second decides little. */
  function assertRan(line: string, { code, output }: { code: number; output: string }): void {
    assert.doesNotMatch(output, /defect of oversoak|\(HTTP \d+\)|^error: /m, `${line}\n${output}`);
    const hasVerdict = /^Verdict: |^oversoak trend|nights?\b|compare/im.test(output);
    assert.ok(code === 0 || hasVerdict, `${line}: exit code ${code}\n${output}`);
  }

  for (const page of PAGES) {
    const blocks = blocksOf(page).filter(({ language }) => language === 'sh');
    for (const line of blocks.filter((each) => each.notRunBecause === null).flatMap(commandsOf)) {
      it(`${page}: oversoak ${line.join(' ')}`, async () => {
        const words: string[] = [];
        for (const word of line) words.push(await filledIn(word, line));
        if (line[0] === 'trend') await nightDone();
        assertRan(line.join(' '), await run(words));
        if (line[0] === 'drain') await run(['drain', cluster.server.agentId, '--end']);
      });
    }
  }

  it('are all run, or say why not', async () => {
    const pages = (await documentation()).filter((page) => !PAGES.includes(page));
    const silent = pages.flatMap((page) =>
      blocksOf(page)
        .filter(({ language }) => ['sh', 'powershell'].includes(language))
        .filter((block) => block.notRunBecause === null && commandsOf(block).length > 0)
        .map(({ text }) => `${page}: ${text}`),
    );
    assert.deepEqual(silent, []);
  });
});

/** Where a script of npm that the documentation calls is run, and the line that does it. */
const SCRIPTS_RUN: Record<string, { file: string; line: string }> = {
  // Every test begins with it.
  setup: { file: 'package.json', line: '"test": "npm run --silent setup -- --tests' },
  demo: { file: 'system-tests/e2e/demo.test.ts', line: "oversoak(t, 'demo', '--quick'" },
  start: { file: 'system-tests/e2e/demo.test.ts', line: "oversoak(t, 'start', '--port', '0')" },
};
/** Servers of Linux, so the whole set-up and demo take a minute. */
const WITHOUT_WINE = 'presets/linux.yaml --quick';

describe('the npm command lines of the documentation', () => {
  it('are scripts that a test runs, or say why not', async () => {
    const { scripts } = JSON.parse(await readFile(join(REPOSITORY, 'package.json'), 'utf8'));
    let lines = 0;
    for (const page of await documentation()) {
      const shells = blocksOf(page).filter(({ language }) =>
        ['sh', 'powershell'].includes(language),
      );
      for (const block of shells) {
        for (const { script } of npmLinesOf(block)) {
          lines += 1;
          const where = `${page}: ${script}`;
          if (!script.startsWith('npm ')) assert.ok(script in scripts, `${where} is no script`);
          if (block.notRunBecause !== null) continue;
          const { file, line } = SCRIPTS_RUN[script] ?? assert.fail(`${where} is not run`);
          const text = await readFile(join(REPOSITORY, file), 'utf8');
          assert.ok(text.includes(line), `${where}: ${file} does not have ${line}`);
        }
      }
    }
    assert.ok(lines > 20, `only ${lines} lines were found`);
  });

  it('demo: the set-up and the demo of servers of Linux', {
    skip: LINUX_PRESET_REFUSED,
  }, async () => {
    const pages = await documentation();
    const lines = pages.flatMap(blocksOf).flatMap(npmLinesOf);
    const args = lines.find(({ args }) => args.join(' ') === WITHOUT_WINE)?.args ?? [];
    assert.deepEqual(args.join(' '), WITHOUT_WINE, 'no page has it');
    const { code, output } = await outputOf('npm', ['run', '--silent', 'demo', '--', ...args], {
      cwd: REPOSITORY,
    });
    assert.match(output, /^set-up: ready/m);
    assert.match(output, /^Verdict: (passed|inconclusive)$/m, output);
    assert.equal(code, /^Verdict: passed$/m.test(output) ? 0 : 2, output);
  });
});
