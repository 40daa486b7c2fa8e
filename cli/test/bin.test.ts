import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';

const PACKAGE = join(REPOSITORY, 'cli');
const BIN = join(PACKAGE, 'bin/oversoak.js');
const HELP_CPU_SECONDS = 0.3;

const folder = mkdtempSync(join(tmpdir(), 'oversoak-bin-'));
after(() => rmSync(folder, { recursive: true }));

const run = (bin: string, ...argv: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [bin, ...argv], { encoding: 'utf8' });

/** The command as it is in a checkout that has not been compiled. */
function uncompiled(engine: string): string {
  const copy = join(mkdtempSync(join(folder, 'copy-')), 'cli');
  mkdirSync(copy);
  cpSync(join(PACKAGE, 'bin'), join(copy, 'bin'), { recursive: true });
  const given = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  writeFileSync(
    join(copy, 'package.json'),
    JSON.stringify({ ...given, engines: { node: engine } }),
  );
  return join(copy, 'bin/oversoak.js');
}

/** User and system time of a run, as that process itself counts it. */
function cpuSeconds(bin: string, ...argv: string[]): number {
  const report =
    'process.on("exit", () => { const { user, system } = process.cpuUsage(); ' +
    'process.stderr.write(String((user + system) / 1e6)); });';
  const preload = `data:text/javascript,${encodeURIComponent(report)}`;
  const { stderr } = spawnSync(process.execPath, ['--import', preload, bin, ...argv], {
    encoding: 'utf8',
  });
  return Number(stderr);
}

test('npm links a committed file, so the command is there before anything is compiled', () => {
  const { bin } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  assert.equal(join(PACKAGE, bin.oversoak), BIN);
  const tracked = spawnSync('git', ['ls-files', '--error-unmatch', BIN], { cwd: REPOSITORY });
  assert.equal(tracked.status, 0, 'not in git');
});

test('before the build, it explains how to build', () => {
  const { status, stderr } = run(uncompiled('>=22.15'), '--help');
  assert.equal(status, 2);
  assert.match(stderr, /^oversoak: not compiled yet; run "npm run build" in .*\n$/);
});

test('an older Node.js is refused with the required version', () => {
  const { status, stderr } = run(uncompiled('>=99.1'), '--help');
  assert.equal(status, 2);
  assert.match(stderr, /^oversoak: this is Node\.js \S+; Node\.js >=99\.1 is needed\n$/);
});

test('--version prints the version of the package', () => {
  const { status, stdout } = run(BIN, '--version');
  assert.equal(status, 0);
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  assert.equal(stdout, `${version}\n`);
});

test('--help loads no command: it needs little CPU time', () => {
  // The least of a few: other processes and cold caches add to the rest.
  const seconds = Array.from({ length: 4 }, () => cpuSeconds(BIN, '--help'));
  assert.ok(Math.min(...seconds) <= HELP_CPU_SECONDS, seconds.join(', '));
});

test('a reader that closes the pipe early, like head, causes no error', () => {
  const piped = spawnSync('bash', ['-c', `"$0" "$1" --help | head -1`, process.execPath, BIN], {
    encoding: 'utf8',
  });
  assert.deepEqual([piped.stdout.split(' ')[0], piped.stderr], ['Usage:', '']);
});
