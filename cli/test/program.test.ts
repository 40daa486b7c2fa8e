import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { TOKEN } from '@oversoak/testing/api/fake-api';
import { api, folder, spec, state } from './program-api.ts';
import { runsProgram } from './runs-program.ts';

after(async () => {
  await api.stop();
  await rm(folder, { recursive: true });
});

const oversoak = runsProgram(api.url);

test('submit sends the file unchanged and shows the created soak', async () => {
  const { code, out } = await oversoak(['submit', spec]);
  assert.deepEqual([code, out], [0, 'Submitted soak-passed: 1 run of 15s to 18s.\n']);
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

test('compare writes the requested format, and exits with the verdict in each', async () => {
  const file = join(folder, 'out.json');
  await oversoak(['compare', 'soak-failed', '--json', file]);
  assert.equal(JSON.parse(await readFile(file, 'utf8')).verdict, 'failed');
  const csv = await oversoak(['compare', 'soak-failed', '--csv', '-']);
  assert.deepEqual([csv.code, csv.out], [1, 'key,p99\niocp.homo.100,1.9\n']);
});

test('compare of two shows their differences, and exits with 0 where cells matched', async () => {
  const two = ['compare', 'baseline:main', 'soak-2'];
  const file = join(folder, 'two.json');
  const { code, out } = await oversoak([...two, '--json', file]);
  assert.equal(code, 0);
  assert.match(out, /p99 .* 34 % higher/);
  assert.match(out, /no difference seen/);
  assert.equal(JSON.parse(await readFile(file, 'utf8')).right.soakId, 'soak-2');
  assert.equal((await oversoak([...two, '--csv', '-'])).out, 'as text/csv\n');
  assert.equal((await oversoak([...two, '--markdown', '-'])).out, 'as text/markdown\n');
  const refused = async (...more: string[]) => (await oversoak(more)).err;
  assert.match(
    await refused(...two, '--columns', 'p99'),
    /--columns applies to the comparison of one/,
  );
  assert.match(
    await refused(...two, '--markdown', '-', '--csv', '-'),
    /--csv and --markdown both write to the standard output/,
  );
  assert.equal((await oversoak(['compare', 'a', 'b'])).code, 2);
});

test('baselines are listed, pinned and unpinned', async () => {
  assert.match((await oversoak(['baselines'])).out, /^No baseline is pinned/);
  const pinned = await oversoak(['baselines', 'pin', 'main', 'soak-1', '--note', 'release 3']);
  assert.equal(pinned.code, 0);
  assert.match(pinned.out, /^Pinned soak-1 as main\./);
  const put = api.seen.findLast(({ method }) => method === 'PUT');
  assert.deepEqual(JSON.parse(put?.body ?? ''), { soakId: 'soak-1', note: 'release 3' });
  const based = await oversoak(['baselines', 'pin', 'main', 'soak-1', '--schedule', 'nightly']);
  assert.match(based.out, /The base of nightly starts at it: oversoak trend nightly\n$/);
  const body = api.seen.findLast(({ method }) => method === 'PUT')?.body ?? '';
  assert.deepEqual(JSON.parse(body), { soakId: 'soak-1', note: '', schedule: 'nightly' });
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

test('a trend has exit code 1 on a regression, 0 on a suspect, which it names', async () => {
  const worse = await oversoak(['trend', 'nightly']);
  assert.equal(worse.code, 1);
  assert.match(worse.out, /REGRESSION[\s\S]*Regression: p99 of iocp\.homo\.100/);
  assert.equal((await oversoak(['trend', 'steady'])).code, 0);
  const suspect = await oversoak(['trend', 'suspect']);
  assert.equal(suspect.code, 0);
  assert.match(
    suspect.out,
    /Suspect, to be confirmed by the next soaks: p50 of event\.homo\.100, \+6 %/,
  );
  assert.equal((await oversoak(['trend', 'none'])).code, 2);
});

test('the comparison shows the requested columns, and refuses unknown ones by name', async () => {
  const head = async (...argv: string[]) =>
    (await oversoak(argv)).out.match(/^.*notifier.*$/m)?.[0];
  const cellLast = ['--columns', 'p99,sessions,cell'];
  assert.equal(await head('compare', 'soak-passed', ...cellLast), ' p99  sessions  notifier');
  const chosen = ['--columns', 'lock-p99, p99'];
  assert.equal(await head('compare', 'soak-passed', ...chosen), 'notifier    lock   p99');
  assert.equal(await head('watch', 'soak-passed', ...chosen), 'notifier    lock   p99');
  assert.equal(await head('submit', spec, '--watch', ...chosen), 'notifier    lock   p99');
  const all = (await oversoak(['compare', 'soak-passed', '--columns', 'all'])).out;
  assert.match(all, /^ {2}re-routed {2,}0$/m);

  const refused = async (list: string, ...more: string[]) => {
    const { code, err } = await oversoak(['compare', 'soak-passed', '--columns', list, ...more]);
    assert.equal(code, 2);
    return err;
  };
  const valid = 'valid: cell, sessions, rate, p50, ';
  assert.ok((await refused('p99,lok,')).includes(`unknown: "lok", ""; ${valid}`));
  assert.ok((await refused('p99,all')).includes(`unknown: "all"; ${valid}`));
  assert.match(await refused('p99,p50,p99'), /"p99" is listed twice/);
  assert.match((await oversoak(['submit', spec, ...chosen])).err, /--columns: only with --watch/);
  assert.match((await oversoak(['demo', '--columns', 'x'])).err, /unknown: "x"/);
});

test('agents and cancel', async () => {
  assert.equal((await oversoak(['agents'])).out, 'No agent has registered.\n');
  const cancel = async (id: string) => {
    const { code, out } = await oversoak(['cancel', id]);
    return [code, out];
  };
  const going = [0, 'Cancelling soak-running: 1 of 2 runs done.\n'];
  assert.deepEqual(await cancel('soak-running'), going);
  assert.deepEqual(await cancel('soak-running'), going, 'twice is fine');
  assert.deepEqual(await cancel('soak-passed'), [0, 'soak-passed is done: passed.\n']);
  const unknown = await oversoak(['cancel', 'soak/none']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /Not Found: no \/v1\/soaks\/soak%2Fnone\/cancel \(HTTP 404\)/);
});

test('rm deletes finished soaks, and explains a refusal', async () => {
  const { code, out } = await oversoak(['rm', 'soak-passed']);
  assert.deepEqual([code, out], [0, 'Deleted soak-passed.\n']);
  const refused = await oversoak(['rm', 'soak-running']);
  assert.equal(refused.code, 2);
  assert.equal(
    refused.err,
    'oversoak: soak "soak-running" is not done; cancel it first: oversoak cancel soak-running\n',
  );
});

test('drain shows which runs the agent still finishes, and how to undo it', async () => {
  const drain = async (...argv: string[]) => {
    const { code, out, err } = await oversoak(['drain', ...argv]);
    return [code, out + err];
  };
  state.agents = [
    { agentId: 'agent-a', slotsUsed: 2 },
    { agentId: 'agent-b', slotsUsed: 0 },
  ];
  const undo = (id: string) => `and takes no more; undo: oversoak drain ${id} --end\n`;
  assert.deepEqual(await drain('agent-a'), [0, `agent-a finishes run-5 ${undo('agent-a')}`]);
  assert.deepEqual(await drain('agent-b'), [0, `agent-b has no runs ${undo('agent-b')}`]);
  assert.deepEqual(await drain('agent-a', '--end'), [0, 'agent-a takes runs again.\n']);
  const [code, text] = await drain('agent-x');
  assert.equal(code, 2);
  assert.match(String(text), /no \/v1\/agents\/agent-x\/drain \(HTTP 404\)/);
  assert.match(String((await drain('agent'))[1]), /"agent" is the beginning of agent-a, agent-b;/);
});

test('soaks lists a page and how to get the next', async () => {
  const first = await oversoak(['soaks', '--limit', '1']);
  assert.equal(first.code, 0);
  assert.match(first.out, /^soak-passed +demo +1970-01-01 00:00:00 +done +not done +1\/2$/m);
  assert.match(first.out, /^More: oversoak soaks --limit 1 --after soak-passed$/m);
  const last = await oversoak(['soaks', '--after', 'soak-passed']);
  assert.match(last.out, /^soak-running /m);
  assert.doesNotMatch(last.out, /More/);
  const { soaks, nextCursor } = JSON.parse(
    (await oversoak(['soaks', '--limit', '1', '--json', '-'])).out,
  );
  assert.deepEqual([soaks.length, nextCursor], [1, 'soak-passed']);
  for (const limit of ['0', '101', 'x']) {
    const { code, err } = await oversoak(['soaks', '--limit', limit]);
    assert.equal(code, 2);
    assert.match(err, /expected a whole number, 1 to 100/);
  }
});

test('soaks filters, and reads pages until it has the requested number', async () => {
  const filter = ['--state', 'done', '--name', 'de', '--schedule', 'night'];
  const { out } = await oversoak(['soaks', ...filter, '--limit', '2']);
  assert.match(out, /^soak-passed /m);
  assert.doesNotMatch(out, /More/);
  const { code, err } = await oversoak(['soaks', '--state', 'open']);
  assert.equal(code, 2);
  assert.match(err, /Allowed choices are queued, running, done/);
});

test('show distinguishes runs and soaks by their ids', async () => {
  const shown = await oversoak(['show', 'run-1']);
  assert.equal(shown.code, 1, 'that of its verdict');
  assert.match(
    shown.out,
    /^iocp\.homo\.100 repeat 1 \(run-1 of soak-1\)\n[\s\S]*^Errors: 0 errors/m,
  );
  assert.match((await oversoak(['show', 'soak-running'])).out, /^run-5 .* measuring /m);
  const document = JSON.parse((await oversoak(['show', 'run-1', '--json', '-'])).out);
  assert.equal(document.result.fleets['agent-b'].series.windows.length, 12);
  assert.equal(
    JSON.parse((await oversoak(['show', 'soak-running', '--json', '-'])).out).runs.length,
    2,
  );
  const { code, err } = await oversoak(['show', 'agent-a']);
  assert.equal(code, 2);
  assert.match(err, /"agent-a" is neither the id of a run \(run-\.\.\.\) nor of a soak/);
});

const rowsOf = (table: string) =>
  table
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('─'))
    .map((line) => line.replaceAll(/ {2,}/g, ' | '));

test('schedules are listed, shown, put, deleted', async () => {
  const list = await oversoak(['schedules']);
  assert.deepEqual(rowsOf(list.out), [
    'name | cron | zone | next | last',
    'nightly | 0 2 * * * | Asia/Seoul | 2027-03-29 02:00 GMT+9 | passed',
    'off | 0 2 * * * | Asia/Seoul | not enabled | –',
    'still | 0 2 * * * | Asia/Seoul | 2027-03-29 02:00 GMT+9 | passed',
    'still has stopped: its tick is 3 h overdue',
  ]);
  assert.equal((await oversoak(['schedules', 'list'])).out, list.out);
  const got = await oversoak(['schedules', 'get', 'night']);
  assert.match(got.out, /^name: nightly\ncron: 0 2 \* \* \*\ntimeZone: Asia\/Seoul\n/);
  const put = await oversoak(['schedules', 'put', 'nightly', spec, '--url', api.url]);
  assert.deepEqual(
    [put.code, put.out],
    [0, 'Put the schedule nightly: next at 2027-03-29 02:00 GMT+9.\n'],
  );
  const call = api.seen.findLast(({ method }) => method === 'PUT');
  assert.deepEqual(
    [call?.headers['content-type'], call?.body],
    ['application/yaml', 'name: demo\n'],
  );
  const deleted = await oversoak(['schedules', 'delete', 'nightly']);
  assert.deepEqual([deleted.code, deleted.out], [0, 'Deleted the schedule nightly.\n']);
});

test('the history of a schedule is shown in its time zone', async () => {
  const { code, out } = await oversoak(['schedules', 'history', 'nightly']);
  assert.equal(code, 0);
  assert.deepEqual(rowsOf(out), [
    'tick | cause | outcome | soak | webhook | note',
    '2027-03-28 10:00 GMT+9 | late | skipped | – | – | 3 h late',
    '2027-03-28 10:00 GMT+9 | late | passed | soak-passed | – | 3 h late',
  ]);
  const refused = await oversoak(['schedules', 'history', 'nightly', '--limit', '101']);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /expected a count, 1 to 100[\s\S]*"oversoak schedules history --help"/);
});

test('a request that creates a soak is repeated with its key if the response is lost', async () => {
  const { code, out } = await oversoak(['schedules', 'run', 'nightly']);
  assert.deepEqual([code, out], [0, 'Submitted soak-passed: 1 run of 15s to 18s.\n']);
  const calls = api.seen.filter(({ path }) => path === '/v1/schedules/nightly/run');
  const keys = calls.map(({ headers }) => headers['idempotency-key']);
  assert.equal(keys.length, 2);
  assert.match(String(keys[0]), /^[0-9a-f-]{36}$/);
  assert.equal(keys[1], keys[0]);
  await oversoak(['submit', spec]);
  const submitted = api.seen.findLast(({ path }) => path === '/v1/soaks');
  assert.match(String(submitted?.headers['idempotency-key']), /^[0-9a-f-]{36}$/);
  assert.notEqual(submitted?.headers['idempotency-key'], keys[0]);
});

test('schedules are refused by name', async () => {
  const unknown = await oversoak(['schedules', 'get', 'none']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /Not Found: no \/v1\/schedules\/none/);
  assert.match((await oversoak(['schedules', 'run'])).err, /missing required argument 'name'/);
  assert.equal((await oversoak(['schedules', 'zork'])).code, 2);
});

test('a missing address or token, a wrong token and an unavailable API have different messages', async () => {
  const none = await oversoak(['agents'], { OVERSOAK_URL: '', OVERSOAK_TOKEN: '' });
  assert.equal(none.code, 2);
  assert.match(none.err, /its address \(--url or OVERSOAK_URL\) and its token \(--token or/);
  assert.match((await oversoak(['agents', '--url', 'localhost:1'])).err, /is not an http/);
  assert.match((await oversoak(['agents', '--token', 'x'])).err, /refused the token/);
  assert.match((await oversoak(['agents', '--token', 'x y'])).err, /a token has no spaces/);
  const plain = api.url.replace('http:', 'https:');
  assert.equal(
    (await oversoak(['agents', '--url', plain])).err,
    `oversoak: cannot reach the API at ${plain}/: the server there does not speak TLS; ` +
      'is it http:// in place of https://?\n',
  );
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
  assert.equal((await oversoak([])).code, 2);
});

test('help exits with 0 and names the exit codes and what --quick does', async () => {
  const help = await oversoak(['--help']);
  assert.equal(help.code, 0);
  assert.match(help.out, /demo[\s\S]*cancel[\s\S]*2 {2}inconclusive/);
  assert.match((await oversoak(['demo', '--help'])).out, /one repeat, and at\s+most\s+1\s+s/);
});

test('an invalid receiver URL is refused before anything is started', async () => {
  for (const command of ['demo', 'start']) {
    const refused = await oversoak([command, '--otlp', 'localhost:4318']);
    assert.equal(refused.code, 2);
    assert.match(
      refused.err,
      /--otlp <url>.*'localhost:4318' is invalid. expected an http:\/\/ or/,
    );
  }
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
  assert.match((await oversoak(['demo', '--json', ''])).err, /cannot write "": name a file, or -/);
  assert.doesNotMatch(missing.out + invalid.out + unwritable.out, /Starting/);
});
