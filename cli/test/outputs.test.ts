// What a CI system gets: files, the standard output, exit codes, annotations.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { TOKEN } from '@oversoak/testing/api/fake-api';
import { REPOSITORY } from '@oversoak/testing/repository';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { EXIT_CODES } from '../src/shell/exit-code.ts';
import { api, folder, spec } from './program-api.ts';
import { runsProgram } from './runs-program.ts';

after(async () => {
  await api.stop();
  await rm(folder, { recursive: true });
});

const oversoak = runsProgram(api.url);

/** The JUnit file that a command line writes. */
async function junitOf(...argv: string[]) {
  const file = join(folder, 'junit.xml');
  const { code } = await oversoak([...argv, '--junit', file]);
  const xml = await readFile(file, 'utf8');
  assert.equal(XMLValidator.validate(xml), true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => name === 'testcase',
  });
  const { testsuites } = parser.parse(xml);
  return { code, totals: testsuites, suite: testsuites.testsuite };
}

test('the exit code follows the verdict, whatever is shown or written', async () => {
  const codes = { passed: 0, failed: 1, inconclusive: 2, cancelled: 2, open: 2 };
  for (const [name, code] of Object.entries(codes)) {
    const id = `soak-${name}`;
    for (const option of [[], ['--json', '-'], ['--csv', '-'], ['--markdown', '-']]) {
      const command = ['compare', id, ...option];
      assert.equal((await oversoak(command)).code, code, command.join(' '));
    }
    if (name === 'open') continue;
    assert.equal((await oversoak(['show', id])).code, code, `show ${id}`);
    assert.equal((await oversoak(['watch', id])).code, code, `watch ${id}`);
  }
  assert.equal((await oversoak(['show', 'soak-running'])).code, 2);
});

test('the table of exit codes is the same in the help and in the reference', async () => {
  const page = await readFile(join(REPOSITORY, 'docs/reference/commands.md'), 'utf8');
  const help = (await oversoak(['--help'])).out;
  for (const [code, meaning] of Object.entries(EXIT_CODES)) {
    assert.ok(page.includes(`| ${code} | ${meaning} |`), `${code} in the reference`);
    assert.ok(help.includes(`  ${code}  ${meaning}\n`), `${code} in the help`);
  }
});

test('an output for standard output is the only one there', async () => {
  for (const command of [
    ['compare', 'soak-passed'],
    ['compare', 'baseline:main', 'soak-2'],
    ['watch', 'soak-passed'],
    ['submit', spec, '--watch'],
    ['submit', spec],
    ['show', 'run-1'],
    ['soaks', '--limit', '1'],
    ['trend', 'nightly'],
  ]) {
    const { out, err } = await oversoak([...command, '--json', '-']);
    assert.equal(typeof JSON.parse(out), 'object', command.join(' '));
    assert.notEqual(err, '', 'the text for people');
  }
  const markdown = await oversoak(['watch', 'soak-failed', '--markdown', '-']);
  assert.equal(markdown.out, 'as text/markdown\n');
});

test('--html writes the report of a soak, and of a comparison of two', async () => {
  const file = join(folder, 'report.html');
  const written = () => readFile(file, 'utf8');
  const saved = await oversoak(['report', 'soak-failed', '--html', file]);
  assert.deepEqual([saved.code, saved.err], [0, '']);
  assert.equal(await written(), '<!doctype html>soak-failed');
  for (const command of [
    ['compare', 'soak-passed'],
    ['watch', 'soak-passed'],
  ]) {
    await rm(file);
    assert.equal((await oversoak([...command, '--html', file])).code, 0);
    assert.equal(await written(), '<!doctype html>soak-passed', command.join(' '));
  }
  await oversoak(['compare', 'baseline:main', 'soak-2', '--html', file]);
  assert.equal(await written(), 'as text/html\n');
  const { out } = await oversoak(['report', 'soak-passed', '--html', '-']);
  assert.equal(out, '<!doctype html>soak-passed');
  const refused = async (...argv: string[]) => (await oversoak(argv)).err;
  assert.match(await refused('report', 'soak-failed'), /required option '--html <file>'/);
  assert.match(await refused('submit', spec, '--html', file), /--html: only with --watch/);
  const nowhere = join(folder, 'no', 'x.html');
  assert.match(await refused('report', 'soak-failed', '--html', nowhere), /cannot write/);
});

test('JUnit has a case per cell: failures of the server, errors of the test', async () => {
  const failed = await junitOf('watch', 'soak-failed');
  assert.equal(failed.code, 1);
  assert.deepEqual(
    [failed.totals.tests, failed.totals.failures, failed.totals.errors],
    ['1', '1', '0'],
  );
  const [cell] = failed.suite.testcase;
  assert.deepEqual([cell.classname, cell.name], ['demo', 'iocp.homo.100']);
  assert.equal(cell.failure.message, 'p99 is 80 ms, threshold < 50 ms & "every" window');
  assert.match(cell['system-out'], /p50 0\.41 ms, p99 1\.93 ms/);
  const inconclusive = await junitOf('compare', 'soak-inconclusive');
  assert.deepEqual([inconclusive.totals.failures, inconclusive.totals.errors], ['0', '1']);
  const passed = await junitOf('submit', spec, '--watch');
  assert.deepEqual([passed.code, passed.totals.failures, passed.totals.errors], [0, '0', '0']);
});

test('--fail-on regression: worse is 1, unknown or nothing compared is 2, the rest 0', async () => {
  const two = (other: string, ...more: string[]) =>
    oversoak(['compare', 'baseline:main', other, ...more]);
  const failOn = ['--fail-on', 'regression'];
  assert.equal((await two('soak-2')).code, 0);
  assert.equal((await two('soak-2', ...failOn)).code, 1);
  assert.equal((await two('soak-same', ...failOn)).code, 0);
  assert.equal((await two('soak-once', ...failOn)).code, 2);
  assert.equal((await two('soak-other', ...failOn)).code, 2);
  assert.equal((await two('soak-other')).code, 2, 'no cell matched');
  const junit = await junitOf('compare', 'baseline:main', 'soak-2', ...failOn);
  assert.equal(junit.totals.failures, '2', 'one per pair of cells');
  assert.match(junit.suite.testcase[0].failure.message, /^p99: 34 % higher/);
  assert.equal(
    (await junitOf('compare', 'baseline:main', 'soak-other', ...failOn)).totals.errors,
    '1',
  );

  assert.equal((await oversoak(['compare', 'soak-against', ...failOn])).code, 1);
  assert.equal((await oversoak(['watch', 'soak-against', ...failOn])).code, 1);
  assert.equal((await oversoak(['watch', 'soak-against'])).code, 0);
  for (const command of [['watch', 'soak-passed'], ['compare', 'soak-passed'], ['demo']]) {
    const { code, err } = await oversoak([...command, ...failOn]);
    assert.equal(code, 2);
    assert.match(err, /--fail-on regression needs a baseline: the spec has no "against"/);
  }
  const unknown = await oversoak(['watch', 'soak-passed', '--fail-on', 'rain']);
  assert.match(unknown.err, /'rain' is invalid. Allowed choices are regression/);
});

test('validate shows the planned duration, by the rules of the API, and needs no API', async () => {
  const offline = runsProgram('');
  const hello = join(folder, 'hello.yaml');
  // The spec of the README, which says that it takes about four minutes.
  const readme = await readFile(join(REPOSITORY, 'README.md'), 'utf8');
  const [, shown = ''] = /^```yaml\n(# hello\.yaml\n.*?)^```$/ms.exec(readme) ?? [];
  assert.match(readme, /demo -- hello\.yaml .*: about four minutes$/m);
  const text = shown.replace(/^thresholds: .*\n/m, '');
  await writeFile(hello, text);
  const valid = await offline(['validate', hello]);
  assert.deepEqual(
    [valid.code, valid.out],
    [0, 'hello: valid\n4 cells, 8 runs of 23s to 28s: 3m 4s to 3m 44s in all\n'],
  );
  const { cells, runs, seconds } = JSON.parse(
    (await offline(['validate', hello, '--json', '-'])).out,
  );
  assert.deepEqual([cells, runs, seconds], [4, 8, { least: 184, most: 224 }]);
  const zones = join(REPOSITORY, 'presets/zone-broadcast.yaml');
  const planned = JSON.parse((await offline(['validate', zones, '--json', '-'])).out);
  assert.equal(planned.deliveriesPerSecond, 2000);
  const preset = await offline(['validate', zones]);
  assert.match(
    preset.out,
    /\nratePerSecond 40 × zones\.share 1 × zones\.size 50 = 2,000 deliveries per second\n$/,
  );
  await writeFile(
    hello,
    `${text}thresholds: [echo.latency.p999 < 1ms every 1s]\nserver: { por: 1 }`,
  );
  const bad = await offline(['validate', hello]);
  assert.equal(bad.code, 2);
  assert.match(
    bad.err,
    /is not a valid soak:\n {2}\/server\/por: unknown.*\n {2}\/thresholds\/0: .*needs/,
  );
  const nightly = join(REPOSITORY, 'presets/nightly.yaml');
  assert.match((await offline(['validate', nightly])).out, /^nightly: valid\n1 cell, 1 run of 8h /);
  await writeFile(hello, 'cron: not a pattern\nspec: {}\n');
  assert.match(
    (await offline(['validate', hello])).err,
    /is not a valid schedule:\n[\s\S]*\/cron: /,
  );
});

test('in a GitHub job, the summary and the annotations show what did not pass', async () => {
  const summary = join(folder, 'summary.md');
  await writeFile(summary, 'before\n');
  const github = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
  const { out } = await oversoak(['watch', 'soak-failed'], github);
  assert.match(
    out,
    /^::error title=oversoak%3A demo failed::iocp\.homo\.100%0Ap99 is 80 ms, threshold/m,
  );
  assert.equal(await readFile(summary, 'utf8'), 'before\nas text/markdown\n\n');
  assert.match((await oversoak(['watch', 'soak-inconclusive'], github)).out, /^::warning /m);
  assert.doesNotMatch((await oversoak(['watch', 'soak-passed'], github)).out, /^::/m);
  assert.doesNotMatch((await oversoak(['watch', 'soak-failed'])).out, /^::/m);
  const json = await oversoak(['watch', 'soak-failed', '--json', '-'], github);
  assert.equal(JSON.parse(json.out).verdict, 'failed');
});

test('two outputs to one file are refused at the start, by any spelling of it', async () => {
  const [name, link] = ['same.out', join(folder, 'link.out')];
  const file = join(folder, name);
  const same = `${folder}/../${basename(folder)}/./${name}`;
  const refused = async (first: string, second: string) => {
    const command = ['watch', 'soak-passed', '--json', first, '--junit', second];
    const { code, out, err } = await oversoak(command);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /^oversoak: --json and --junit both write to "[^"]+"; give each a file/);
  };
  await refused(file, file);
  await refused(file, same);
  await writeFile(file, 'earlier');
  await symlink(file, link);
  await refused(link, same);
  assert.equal(await readFile(file, 'utf8'), 'earlier');
  await rm(file);
  await refused(link, same);
  await refused(file, link);
  const { code } = await oversoak(['watch', 'soak-passed', '--json', file, '--csv', `${file}.csv`]);
  assert.equal(code, 0);
});

const isLinux = process.platform === 'linux';
test('a file that no right forbids and that cannot be made is refused before the text', {
  skip: !isLinux && 'of Linux',
}, async () => {
  const file = '/proc/oversoak.json';
  for (const command of [
    ['soaks', '--limit', '1'],
    ['show', 'run-1'],
    ['trend', 'nightly'],
  ]) {
    const { code, out, err } = await oversoak([...command, '--json', file]);
    assert.deepEqual([code, out], [2, ''], command.join(' '));
    assert.equal(err, `oversoak: cannot write "${file}": no such file or directory\n`);
  }
});

test('another name of the standard output is the standard output', {
  skip: !isLinux && 'of Linux',
}, async () => {
  const file = join(folder, 'stdout.out');
  const shell = async (words: string, redirect: string) => {
    await rm(file, { force: true });
    const line = `exec "$0" "$1" compare soak-passed ${words} ${redirect}`;
    const child = spawn(
      'bash',
      ['-c', line, process.execPath, join(REPOSITORY, 'cli/bin/oversoak.js')],
      {
        env: { ...process.env, OVERSOAK_URL: api.url, OVERSOAK_TOKEN: TOKEN },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const [out, err, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { out, err, code };
  };
  const refusal =
    'oversoak: --json and --markdown both write to the standard output; give one of them a file\n';
  for (const words of ['--json - --markdown /dev/stdout', '--json /dev/stdout --markdown -']) {
    for (const redirect of [`> "${file}"`, '| cat']) {
      const { out, err } = await shell(words, redirect);
      assert.deepEqual([out, err], ['', refusal], `${words} ${redirect}`);
    }
  }
  const own = await shell(`--json - --markdown "${file}"`, `> "${file}"`);
  assert.deepEqual([own.code, own.err], [2, refusal]);
  const piped = await shell('--json /dev/stdout', '| cat');
  assert.equal(typeof JSON.parse(piped.out), 'object', 'no text for people beside it');
  const nowhere = await shell('--json - --markdown /dev/null', '> /dev/null');
  assert.equal(nowhere.code, 0, nowhere.err);
});
