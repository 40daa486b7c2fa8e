import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Verdict } from '@oversoak/contracts';
import { readConfig } from '../src/config.ts';
import { EXIT } from '../src/exit-code.ts';
import { Interrupts } from '../src/interrupts.ts';
import { runProgram } from '../src/program.ts';
import { stateEvent } from './api/event-stream.ts';
import { soakDifference, trend } from './differences.ts';
import { fakeApi, TOKEN } from './fake-api.ts';
import { plainTerminal } from './plain-terminal.ts';
import { comparedCell, comparison, run, soak } from './soaks.ts';

const folder = await mkdtemp(join(tmpdir(), 'oversoak-cli-'));
const spec = join(folder, 'spec.yaml');
await writeFile(spec, 'name: demo\n');

const verdicts: Record<string, Verdict | null> = {
  'soak-passed': 'passed',
  'soak-failed': 'failed',
  'soak-inconclusive': 'inconclusive',
  'soak-cancelled': 'cancelled',
  'soak-open': null,
};
const api = await fakeApi({
  'POST /v1/soaks': ({ body }) =>
    body === 'name: demo\n'
      ? { status: 201, json: soak([run('run-1', 'queued')], { soakId: 'soak-passed' }) }
      : {
          status: 400,
          json: {
            title: 'Bad Request',
            detail: 'the spec is not valid',
            errors: [
              { pointer: '/matrix/notifier/0', detail: 'must be one of iocp, event' },
              { pointer: '', detail: 'has no property "nam"; valid: name, matrix' },
            ],
          },
        },
  'GET /v1/soaks/soak-passed': () => ({ json: soak([run('run-1', 'done')], { state: 'done' }) }),
  'DELETE /v1/soaks/soak-passed': () => ({ status: 202, json: soak([]) }),
  'GET /v1/runs/run-1/events': () => ({ text: stateEvent('1', 'done'), type: 'text/event-stream' }),
  'GET /v1/comparisons?left=baseline%3Amain&right=soak-2': ({ headers }) =>
    headers.accept === 'application/json'
      ? { json: soakDifference() }
      : { text: `as ${headers.accept}\n`, type: headers.accept ?? '' },
  'GET /v1/baselines': () => ({ json: { baselines: [] } }),
  'PUT /v1/baselines/main': ({ body }) => ({ json: { name: 'main', ...JSON.parse(body) } }),
  'DELETE /v1/baselines/main': () => ({ status: 204, text: '', type: 'text/plain' }),
  'GET /v1/schedules/nightly/trend': () => ({ json: trend() }),
  'GET /v1/schedules/steady/trend': () => ({ json: trend({ series: [], regression: false }) }),
  'GET /v1/agents': () => ({ json: { agents: [] } }),
  ...Object.fromEntries(
    Object.entries(verdicts).map(([id, verdict]) => [
      `GET /v1/soaks/${id}/comparison`,
      ({ headers }: { headers: { accept?: string } }) =>
        headers.accept === 'text/csv'
          ? { text: 'key,p99\niocp.homo.100,1.9\n', type: 'text/csv' }
          : { json: comparison([comparedCell('iocp')], { soakId: id, verdict }) },
    ]),
  ),
});
after(async () => {
  await api.stop();
  await rm(folder, { recursive: true });
});

async function oversoak(argv: string[], environment: NodeJS.ProcessEnv = {}) {
  const terminal = plainTerminal();
  const config = readConfig({ OVERSOAK_URL: api.url, OVERSOAK_TOKEN: TOKEN, ...environment });
  const context = {
    config,
    terminal,
    interrupts: new Interrupts(),
    exitCode: EXIT.noVerdict,
  };
  const code = await runProgram(context, argv);
  return { code, out: terminal.text(), err: terminal.errors() };
}

test('submit sends the file as it is and says what it became', async () => {
  const { code, out } = await oversoak(['submit', spec]);
  assert.deepEqual([code, out], [0, 'Submitted soak-passed: 1 run.\n']);
  const call = api.seen.findLast(({ method }) => method === 'POST');
  assert.equal(call?.headers['content-type'], 'application/yaml');
  assert.equal(call?.body, 'name: demo\n');
});

test('submit --watch ends with the comparison and the verdict', async () => {
  const { code, out } = await oversoak(['submit', spec, '--watch']);
  assert.equal(code, 0);
  assert.match(out, /iocp.homo.100 #1: done\n[\s\S]*notifier +sessions[\s\S]*Verdict: passed/);
});

test('a refused spec is shown field by field', async () => {
  const bad = join(folder, 'bad.yaml');
  await writeFile(bad, 'nam: demo\n');
  const { code, err } = await oversoak(['submit', bad]);
  assert.equal(code, 2);
  assert.equal(
    err,
    'oversoak: Bad Request: the spec is not valid (HTTP 400)\n' +
      '  /matrix/notifier/0: must be one of iocp, event\n' +
      '  /: has no property "nam"; valid: name, matrix\n',
  );
});

const codes = { passed: 0, failed: 1, inconclusive: 2, cancelled: 2, open: 2 };
for (const [name, code] of Object.entries(codes)) {
  test(`compare of a soak that is ${name} has exit code ${code}`, async () => {
    assert.equal((await oversoak(['compare', `soak-${name}`])).code, code);
  });
}

test('compare --json writes the whole comparison, --csv prints it', async () => {
  const file = join(folder, 'out.json');
  await oversoak(['compare', 'soak-failed', '--json', file]);
  assert.equal(JSON.parse(await readFile(file, 'utf8')).verdict, 'failed');
  const csv = await oversoak(['compare', 'soak-failed', '--csv']);
  assert.deepEqual([csv.code, csv.out], [0, 'key,p99\niocp.homo.100,1.9\n']);
});

test('compare of two shows their differences, and has exit code 0 whatever they are', async () => {
  const two = ['compare', 'baseline:main', 'soak-2'];
  const file = join(folder, 'two.json');
  const { code, out } = await oversoak([...two, '--json', file]);
  assert.equal(code, 0);
  assert.match(out, /p99 .* 34 % higher/);
  assert.match(out, /no difference seen/);
  assert.equal(JSON.parse(await readFile(file, 'utf8')).right.soakId, 'soak-2');
  assert.equal((await oversoak([...two, '--csv'])).out, 'as text/csv\n');
  assert.equal((await oversoak([...two, '--markdown'])).out, 'as text/markdown\n');
  const refused = async (...more: string[]) => (await oversoak(more)).err;
  assert.match(await refused(...two, '--columns', 'p99'), /--columns is for the comparison of one/);
  assert.match(await refused('compare', 'soak-passed', '--markdown'), /for the comparison of two/);
  assert.match(await refused(...two, '--markdown', '--csv'), /cannot be used with option/);
  assert.equal((await oversoak(['compare', 'a', 'b'])).code, 2);
});

test('baselines are listed, pinned and unpinned', async () => {
  assert.match((await oversoak(['baselines'])).out, /^No baseline is pinned/);
  const pinned = await oversoak(['baselines', 'pin', 'main', 'soak-1', '--note', 'release 3']);
  assert.equal(pinned.code, 0);
  assert.match(pinned.out, /^Pinned soak-1 as main\./);
  const put = api.seen.findLast(({ method }) => method === 'PUT');
  assert.deepEqual(JSON.parse(put?.body ?? ''), { soakId: 'soak-1', note: 'release 3' });
  assert.deepEqual(await oversoak(['baselines', 'unpin', 'main']), {
    code: 0,
    out: 'Unpinned main.\n',
    err: '',
  });
  const none = { OVERSOAK_URL: '', OVERSOAK_TOKEN: '' };
  for (const argv of [
    ['baselines', '--url', api.url, '--token', TOKEN, 'unpin', 'main'],
    ['baselines', 'unpin', 'main', '--url', api.url, '--token', TOKEN],
  ]) {
    assert.equal((await oversoak(argv, none)).code, 0, argv.join(' '));
  }
  const unknown = await oversoak(['baselines', 'pin', 'main', '--nope']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /unknown option '--nope'[\s\S]*oversoak baselines pin --help/);
});

test('a trend has exit code 1 on a regression', async () => {
  const worse = await oversoak(['trend', 'nightly']);
  assert.equal(worse.code, 1);
  assert.match(worse.out, /REGRESSION[\s\S]*Regression: p99 of iocp\.homo\.100/);
  assert.equal((await oversoak(['trend', 'steady'])).code, 0);
  assert.equal((await oversoak(['trend', 'none'])).code, 2);
});

test('the comparison shows the columns that were asked for, and refuses others by name', async () => {
  const head = async (...argv: string[]) =>
    (await oversoak(argv)).out.match(/^.*notifier.*$/m)?.[0];
  const cellLast = ['--columns', 'p99,sessions,cell'];
  assert.equal(await head('compare', 'soak-passed', ...cellLast), ' p99  sessions  notifier');
  const chosen = ['--columns', 'lock-p99, p99'];
  assert.equal(await head('compare', 'soak-passed', ...chosen), 'notifier    lock   p99');
  assert.equal(await head('watch', 'soak-passed', ...chosen), 'notifier    lock   p99');
  assert.equal(await head('submit', spec, '--watch', ...chosen), 'notifier    lock   p99');
  const all = (await oversoak(['compare', 'soak-passed', '--columns', 'all'])).out;
  assert.match(all, /^ {2}re-routed {2}0$/m);

  const refused = async (list: string, ...more: string[]) => {
    const { code, err } = await oversoak(['compare', 'soak-passed', '--columns', list, ...more]);
    assert.equal(code, 2);
    return err;
  };
  const valid = 'valid: cell, sessions, rate, p50, ';
  assert.ok((await refused('p99,lok,')).includes(`unknown: "lok", ""; ${valid}`));
  assert.ok((await refused('p99,all')).includes(`unknown: "all"; ${valid}`));
  assert.match(await refused('p99,p50,p99'), /"p99" is there twice/);
  assert.match(await refused('p99', '--csv'), /cannot be used with option '--columns/);
  assert.match((await oversoak(['submit', spec, ...chosen])).err, /--columns is for .*--watch/);
  assert.match((await oversoak(['demo', '--columns', 'x'])).err, /unknown: "x"/);
});

test('agents and cancel', async () => {
  assert.equal((await oversoak(['agents'])).out, 'No agent has registered.\n');
  const cancelled = await oversoak(['cancel', 'soak-passed']);
  assert.deepEqual([cancelled.code, cancelled.out], [0, 'Asked for the cancel of soak-passed.\n']);
  const unknown = await oversoak(['cancel', 'soak/none']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /Not Found: no \/v1\/soaks\/soak%2Fnone \(HTTP 404\)/);
});

test('a missing address or token, a wrong token and a silent API are told apart', async () => {
  const none = await oversoak(['agents'], { OVERSOAK_URL: '', OVERSOAK_TOKEN: '' });
  assert.equal(none.code, 2);
  assert.match(none.err, /its address \(--url or OVERSOAK_URL\) and its token \(--token or/);
  assert.match((await oversoak(['agents', '--url', 'localhost:1'])).err, /is not an http/);
  assert.match((await oversoak(['agents', '--token', 'x'])).err, /refused the token/);
  const away = await oversoak(['agents', '--url', 'http://127.0.0.1:1']);
  assert.equal(away.code, 2);
  assert.match(away.err, /^oversoak: cannot reach the API at http:\/\/127\.0\.0\.1:1\/: /);
});

test('unknown commands and options are refused by name', async () => {
  const command = await oversoak(['dem']);
  assert.equal(command.code, 2);
  assert.match(command.err, /unknown command 'dem'[\s\S]*Did you mean demo/);
  const option = await oversoak(['demo', '--quik']);
  assert.equal(option.code, 2);
  assert.match(option.err, /unknown option '--quik'[\s\S]*--quick/);
  assert.match((await oversoak(['start', '--port', '99999'])).err, /expected a port, 0 to 65535/);
  assert.match((await oversoak(['compare', 'x', '--csv', '--json', 'y'])).err, /cannot be used/);
  assert.equal((await oversoak([])).code, 2);
});

test('help is not a failure and names the exit codes and what --quick does', async () => {
  const help = await oversoak(['--help']);
  assert.equal(help.code, 0);
  assert.match(help.out, /demo[\s\S]*cancel[\s\S]*2 {2}inconclusive/);
  assert.match((await oversoak(['demo', '--help'])).out, /one repeat, and at\s+the\s+most 1 s/);
});

test('demo refuses a bad spec or an unwritable file before it starts anything', async () => {
  const missing = await oversoak(['demo', join(folder, 'none.yaml')]);
  assert.equal(missing.code, 2);
  assert.match(missing.err, /cannot read the spec/);
  const invalid = await oversoak(['demo', spec]);
  assert.equal(invalid.code, 2);
  assert.match(invalid.err, /is not a valid soak:\n {2}\/matrix: is required\n/);
  const unwritable = await oversoak(['demo', '--json', join(folder, 'none', 'out.json')]);
  assert.equal(unwritable.code, 2);
  assert.match(unwritable.err, /cannot write ".*out\.json"/);
  assert.match((await oversoak(['demo', '--json', folder])).err, /it is a folder/);
  assert.doesNotMatch(missing.out + invalid.out + unwritable.out, /Starting/);
});
