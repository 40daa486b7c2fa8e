import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';

const PACKAGE = join(REPOSITORY, 'cli');
const BIN = join(PACKAGE, 'bin/oversoak.js');

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

/** What a run loads: URLs, those of Node.js' own modules included. */
function loadedBy(...argv: string[]): string[] {
  const report =
    'import { registerHooks } from "node:module"; const loaded = []; ' +
    'registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } }); ' +
    'process.on("exit", () => process.stderr.write(loaded.join("\\n")));';
  const preload = `data:text/javascript,${encodeURIComponent(report)}`;
  const command = ['--import', preload, BIN, ...argv];
  return spawnSync(process.execPath, command, { encoding: 'utf8' }).stderr.split('\n');
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

test('in a checkout an older Node.js is refused with the way to a newer one', () => {
  const bin = uncompiled('>=99.1');
  const setUp = join(bin, '../../../deploy/setup');
  mkdirSync(setUp, { recursive: true });
  writeFileSync(join(setUp, 'setup.mjs'), '');
  assert.match(
    run(bin, '--help').stderr,
    /is needed; "npm run setup" installs it in .*"npx oversoak"/,
  );
});

test('--version prints the version of the package', () => {
  const { status, stdout } = run(BIN, '--version');
  assert.equal(status, 0);
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  assert.equal(stdout, `${version}\n`);
});

test('--help loads no command, and nothing of the product but the settings of contracts', () => {
  const product = (urls: string[]) =>
    urls.filter((url) => url.startsWith('file:') && !url.includes('/node_modules/'));
  const notOfShell = (urls: string[]) =>
    product(urls).filter(
      (url) => !/\/cli\/(package\.json|bin|dist\/src\/(shell|[^/]*\.js$))/.test(url),
    );
  const contracts = /\/contracts\/dist\/bundle\/index\.js$/;
  const [settings, ...more] = notOfShell(loadedBy('--help'));
  assert.match(settings ?? '', contracts);
  assert.deepEqual(more, []);
  // The check can fail: a command is loaded when it is called.
  const bySoaks = notOfShell(loadedBy('soaks', '--help'));
  assert.ok(
    bySoaks.some((url) => url.endsWith('/commands/soaks.js')),
    bySoaks.join('\n'),
  );
});

test('a reader that closes the pipe early, like head, causes no error', () => {
  const piped = spawnSync('bash', ['-c', `"$0" "$1" --help | head -1`, process.execPath, BIN], {
    encoding: 'utf8',
  });
  assert.deepEqual([piped.stdout.split(' ')[0], piped.stderr], ['Usage:', '']);
});

test('a full output is one line and no verdict', { skip: !existsSync('/dev/full') }, () => {
  const commands = ['--help', 'schema', 'completion bash', 'validate presets/demo.yaml'];
  for (const command of commands) {
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', `"$0" "$1" ${command} >/dev/full`, process.execPath, BIN],
      { encoding: 'utf8', cwd: REPOSITORY },
    );
    const line = 'oversoak: cannot write to the standard output: no space left on device\n';
    assert.deepEqual([command, stderr, status], [command, line, 2]);
  }
});
