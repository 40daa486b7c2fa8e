import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  beyondBudget,
  type Game,
  isAbout,
  isValidPair,
  NOTIFIERS_OF,
  parsePrediction,
  plannedSeconds,
  type ScheduleInput,
  type SoakSpec,
  threadPlan,
} from '@oversoak/contracts';
import { compileProtocol } from '@oversoak/contracts/protocol/compile';
import { validateSchedule } from '@oversoak/control-plane/schedules/validate';
import { validateSpec } from '@oversoak/control-plane/submit/validate';
import { REPOSITORY } from '@oversoak/testing/repository';
import { parse } from 'yaml';
import { quickSpec } from '../src/spec/quick.ts';

const folder = `${REPOSITORY}presets/`;
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

const read = (file: string) => parse(readFileSync(join(folder, file), 'utf8'));

/** By the code that the API and `oversoak validate` run, with the defaults filled in. */
function valid(given: unknown): SoakSpec {
  const checked = validateSpec(given);
  if ('problems' in checked) assert.fail(JSON.stringify(checked.problems));
  return checked.spec;
}

function cellsOf({ notifier = [], layout = ['homo'], ...matrix }: SoakSpec['matrix']) {
  const { sessions, containerLock = [undefined], contentQueue = [undefined] } = matrix;
  return notifier.flatMap((n) =>
    layout.flatMap((l) =>
      sessions.flatMap((s) =>
        containerLock.flatMap((lock) =>
          contentQueue.map((queue) => ({ notifier: n, layout: l, sessions: s, lock, queue })),
        ),
      ),
    ),
  );
}

const root = join(folder, '..');
const page = (name: string) => readFileSync(join(root, name), 'utf8');
/** The README and every page of docs/. */
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** A schedule file has a soak in it; any other is one. */
const isSchedule = (given: object) => 'cron' in given;

function validSchedule(given: unknown): ScheduleInput {
  const checked = validateSchedule(given);
  if ('problems' in checked) assert.fail(JSON.stringify(checked.problems));
  return checked.schedule;
}

/** The documentation leaves the secret of a webhook to its reader. */
const SECRET = `whsec_${Buffer.alloc(32).toString('base64')}`;

test("the documentation's specs are valid soaks, and its schedules are valid", () => {
  const files = pages.flatMap((name) =>
    [...page(name).matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) =>
      parse(text.replace('whsec_...', SECRET)),
    ),
  );
  assert.deepEqual(
    files.map((file) => (isSchedule(file) ? validSchedule(file).spec : valid(file)).name).sort(),
    ['every-night', 'guild', 'hello', 'my-server', 'my-soak'],
  );
});

test('the documentation lists all presets', () => {
  const links = page('docs/reference/presets.md').matchAll(/\/presets\/([a-z0-9-]+\.yaml)\)/g);
  const named = [...links].map(([, name]) => name);
  assert.deepEqual(files.sort(), [...new Set(named)].sort());
});

function checkSpec(given: Record<string, unknown>, file: string): void {
  const spec = valid(given);
  assert.equal(`${spec.name}.yaml`, file);
  const cells = cellsOf(spec.matrix);
  assert.equal(cells.length > 0, spec.target === undefined);
  for (const each of spec.predictions ?? []) {
    const parsed = parsePrediction(each);
    if ('error' in parsed) assert.fail(parsed.error);
    const { prediction } = parsed;
    assert.ok(
      cells.some((cell) => isAbout(prediction, cell)),
      prediction.text,
    );
  }
  for (const cell of cells) {
    assert.ok(isValidPair(cell.notifier, cell.layout), `${cell.notifier} × ${cell.layout}`);
    if (!spec.strictBudget) continue;
    assert.equal(beyondBudget(cell, spec.threads, spec.game.contents.length), null);
  }
  assert.equal(valid(quickSpec(given)).repeats, 1);
}

const [scheduleFiles, soakFiles] = [true, false].map((schedules) =>
  files.filter((file) => isSchedule(read(file)) === schedules),
) as [string[], string[]];

for (const file of soakFiles) {
  test(`${file} is a valid soak, in full and quick`, () => {
    checkSpec(read(file), file);
  });
}

test('redis.yaml has the description of presets/protocols/resp.yaml', () => {
  const { target } = valid(read('redis.yaml'));
  const compiled = compileProtocol(parse(page('presets/protocols/resp.yaml')));
  assert.ok('file' in compiled);
  assert.deepEqual(target?.protocol, { framed: compiled.file });
});

test('nightly.yaml is the only schedule, of a soak of eight hours', () => {
  assert.deepEqual(scheduleFiles, ['nightly.yaml']);
  const given = read('nightly.yaml');
  const { spec, timeZone } = validSchedule(given);
  checkSpec(given.spec, 'nightly.yaml');
  assert.notEqual(timeZone, 'UTC');
  assert.equal(cellsOf(spec.matrix).length * spec.repeats, 1);
  assert.equal(spec.phases.measureSeconds, 8 * 3600);
});

/** What a run takes beside its phases: preparing, judging. */
const BESIDE_SECONDS = 2;
/** Redis, the control plane and two agents, until they are up. */
const CLUSTER_SECONDS = 8;

/** With the longest drain, though it ends with the last echo. */
function demoSeconds({ matrix, phases, repeats }: SoakSpec): number {
  const runs = cellsOf(matrix).length * repeats;
  return CLUSTER_SECONDS + runs * (plannedSeconds(phases) + BESIDE_SECONDS);
}

test('the demo compares three models under two layouts twice, within four minutes', () => {
  const spec = valid(read('demo.yaml'));
  assert.deepEqual(spec.matrix.notifier, ['iocp', 'completion-routine', 'event']);
  assert.deepEqual(spec.matrix.layout, ['homo', 'hetero']);
  assert.equal(spec.repeats, 2);
  assert.ok(demoSeconds(spec) <= 210, `${demoSeconds(spec)} s leave no room in four minutes`);
});

test('the quick demo takes less than a minute', () => {
  const spec = valid(quickSpec(read('demo.yaml')));
  assert.equal(cellsOf(spec.matrix).length, 6);
  assert.ok(demoSeconds(spec) < 60, `${demoSeconds(spec)} s`);
});

/** Where players are in the long run: the moves applied until nothing changes. */
function whereabouts({ contents }: Pick<Game, 'contents'>): Map<string, number> {
  let shares = new Map(contents.map(({ name }, index) => [name, index === 0 ? 1 : 0]));
  for (let message = 0; message < 10_000; message += 1) {
    const next = new Map(shares);
    for (const { name, moves } of contents) {
      for (const [to, probability] of Object.entries(moves)) {
        const moved = (shares.get(name) ?? 0) * probability;
        next.set(name, (next.get(name) ?? 0) - moved);
        next.set(to, (next.get(to) ?? 0) + moved);
      }
    }
    shares = next;
  }
  return shares;
}

test('the lobby of hetero-vs-homo is hot: near the ceiling of one thread, far from that of two', () => {
  const { game, workload, threads } = valid(read('hetero-vs-homo.yaml'));
  const contents = game.contents.length;
  assert.equal(threadPlan('hetero', threads, contents).perContent, 1);
  assert.equal(threadPlan('hetero-channels', threads, contents).perContent, 2);
  const inLobby = whereabouts(game).get('lobby') ?? 0;
  assert.ok(Math.abs(inLobby - 5 / 6) < 1e-6, `${inLobby}`);
  const [lobby] = game.contents;
  const load = ((workload.ratePerSecond ?? 0) * inLobby * (lobby?.workUs ?? 0)) / 1e6;
  assert.ok(load > 0.7 && load < 0.9, `${load} threads`);
});

for (const file of ['container-contention.yaml', 'churn.yaml']) {
  test(`the players of ${file} are equally distributed over the contents`, () => {
    const shares = [...whereabouts(valid(read(file)).game).values()];
    for (const share of shares) assert.ok(Math.abs(share - 1 / shares.length) < 1e-6, `${share}`);
  });
}

test("the slow readers of churn cannot overflow a session's send queue", () => {
  const { workload, server, matrix } = valid(read('churn.yaml'));
  assert.ok(workload.overSend * workload.maxFrameBytes < server.sendQueueBytes);
  assert.deepEqual(matrix.notifier, [...NOTIFIERS_OF.windows]);
});
