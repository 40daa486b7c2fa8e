// What the text of a spec or a schedule can do to the one who reads it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Schedule } from '@oversoak/contracts';
import { submittedSpec } from '@oversoak/testing/builders/made-figures';
import { type Answer, AttackedPlane } from './attacked-plane.ts';
import { fileOf, oversoak } from './cli.ts';

const YAML = 'application/yaml';
const JSON_TYPE = 'application/json';

/** The reasons of a refusal, one a line. */
function reasons({ text, json }: Answer): string {
  const { detail, errors } = json as { detail: string; errors: { detail: string }[] };
  return errors.length === 0 ? `${detail} ${text}` : errors.map((each) => each.detail).join('\n');
}

describe('the text of a spec', () => {
  let plane: AttackedPlane;
  before(async () => {
    plane = await AttackedPlane.start();
  });
  after(() => plane.stop());

  it('of 5,000 open brackets and 5,000 dashes is refused, twice, and ends nothing', async () => {
    for (const body of ['['.repeat(5000), '- '.repeat(5000), '['.repeat(5000)]) {
      const answer = await plane.call('/v1/soaks', { method: 'POST', body, type: YAML });
      assert.equal(answer.status, 400);
      assert.match(reasons(answer), /nested too deep: at most 50 levels/);
    }
    assert.ok(await plane.isAlive());
  });

  const spec = submittedSpec();
  const jsonText = JSON.stringify(spec);
  /** The spec with this as one more field. */
  const json = (field: string) => `{${field}, ${jsonText.slice(1)}`;
  const yaml = (field: string) =>
    `${field}\n${Object.entries(spec)
      .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
      .join('')}`;
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const anchors = (count: number) =>
    `x: [&a [1], ${Array.from({ length: count }, () => '*a').join(', ')}]`;

  /** What is wrong; `null`: nothing. Each text is read at both doors, the API and the command. */
  const READINGS: { name: string; json?: string; yaml?: string; wrong: RegExp | null }[] = [
    { name: 'a sound spec', json: jsonText, yaml: jsonText, wrong: null },
    {
      name: 'a byte order mark',
      json: `\ufeff${jsonText}`,
      yaml: `\ufeff${jsonText}`,
      wrong: null,
    },
    {
      name: 'a key that comes twice',
      json: `${jsonText.slice(0, -1)}, "name": "other"}`,
      yaml: `${yaml('thresholds: [errors.total == 0]')}"thresholds": []\n`,
      wrong: /line \d+, column \d+: .*duplicate key "(name|thresholds)"/,
    },
    {
      name: 'a key that comes twice, once as an escape',
      json: json('"n\\u0061me": "other"'),
      yaml: json('"n\\u0061me": "other"'),
      wrong: /line 1, column \d+: .*duplicate key "name"/,
    },
    {
      name: '51 levels',
      json: json(`"x": ${deep(50)}`),
      yaml: json(`"x": ${deep(50)}`),
      wrong: /^nested too deep: at most 50 levels$/,
    },
    {
      name: '50 levels, which are not too deep',
      json: json(`"x": ${deep(49)}`),
      yaml: json(`"x": ${deep(49)}`),
      wrong: /^(?!nested too deep)/,
    },
    {
      name: 'the key of all prototypes',
      json: json('"__proto__": {}'),
      yaml: json('"__proto__": {}'),
      wrong: /line 1, column 2: the key "__proto__" is not allowed/,
    },
    {
      name: '51 levels by aliases',
      yaml: json(`"x": [&a ${deep(25)}, ${'['.repeat(24)}*a${']'.repeat(24)}]`),
      wrong: /^nested too deep: at most 50 levels$/,
    },
    { name: '101 aliases', yaml: yaml(anchors(101)), wrong: /[Aa]lias/ },
    { name: 'an alias without an anchor', yaml: yaml('x: *a'), wrong: /line 1, column 4: .*a/ },
    { name: 'a second document', yaml: `${jsonText}\n---\na: 1\n`, wrong: /a second document/ },
  ];

  for (const { name, wrong, ...texts } of READINGS) {
    it(`is read in one way, in the API and the command: ${name}`, async (context) => {
      const path = '/v1/soaks/plan';
      for (const [form, type] of [
        ['json', JSON_TYPE],
        ['yaml', YAML],
      ] as const) {
        const body = texts[form];
        if (body === undefined) continue;
        const answer = await plane.call(path, { method: 'POST', body, type });
        const file = await fileOf(context, `spec.${form}`, body);
        const command = await oversoak(plane, 'validate', file);
        if (wrong === null) {
          // No agents are there to run it; it was read.
          assert.equal(answer.status, 422, answer.text);
          assert.equal(command.exitCode, 0, command.output);
          continue;
        }
        assert.equal(answer.status, 400, answer.text);
        assert.notEqual(command.exitCode, 0);
        assert.match(reasons(answer), wrong);
        for (const reason of reasons(answer).split('\n')) {
          assert.ok(command.output.includes(reason), `${command.output} has not "${reason}"`);
        }
      }
    });
  }

  it('as JSON with two lists of thresholds is refused by submit as well', async (context) => {
    const text = json('"thresholds": ["echo.latency.p99 < 1us"], "thresholds": []');
    const { exitCode, output } = await oversoak(
      plane,
      'submit',
      await fileOf(context, 'twice.json', text),
    );
    assert.notEqual(exitCode, 0);
    assert.match(output, /duplicate key "thresholds"/);
    assert.deepEqual(await plane.ask('/v1/soaks'), { soaks: [], nextCursor: null });
  });
});

describe('a schedule', () => {
  let plane: AttackedPlane;
  before(async () => {
    plane = await AttackedPlane.start();
  });
  after(() => plane.stop());

  it('ticks in the next gap of its zone, not a year later', async () => {
    for (const [timeZone, cron] of [
      ['America/Santiago', (day: Date) => `0 0 ${day.getUTCDate()} ${day.getUTCMonth() + 1} *`],
      ['Australia/Lord_Howe', (day: Date) => `15 2 ${day.getUTCDate()} ${day.getUTCMonth() + 1} *`],
      ['Africa/Cairo', (day: Date) => `0 0 ${day.getUTCDate()} ${day.getUTCMonth() + 1} *`],
    ] as const) {
      const gapMs = nextGap(timeZone, Date.now());
      // The date on the wall, a minute before the clocks go forward.
      const local = new Date(gapMs + offsetMinutes(timeZone, gapMs - 1) * 60_000);
      const { nextAtMs } = await plane.ask<Schedule>(`/v1/schedules/in-a-gap`, {
        method: 'PUT',
        body: { cron: cron(local), timeZone, spec: submittedSpec() },
      });
      const late = (nextAtMs ?? 0) - gapMs;
      assert.ok(late >= 0 && late < 3_600_000, `${timeZone}: ${new Date(nextAtMs ?? 0).toJSON()}`);
    }
  });
});

/** What the clocks of a zone are ahead of UTC. */
function offsetMinutes(timeZone: string, ms: number): number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign = '', hours = '0', minutes = '0'] = /^GMT(?:([+-])(\d+):(\d+))?$/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** The next moment at which the clocks of a zone go forward, to the minute. */
function nextGap(timeZone: string, fromMs: number): number {
  const dayMs = 86_400_000;
  const startMs = Math.floor(fromMs / dayMs) * dayMs;
  for (let ms = startMs; ms < startMs + 400 * dayMs; ms += dayMs) {
    let [low, high] = [ms, ms + dayMs];
    if (offsetMinutes(timeZone, high) <= offsetMinutes(timeZone, low)) continue;
    while (high - low > 60_000) {
      const middle = Math.floor((low + high) / 120_000) * 60_000;
      if (offsetMinutes(timeZone, middle) === offsetMinutes(timeZone, low)) low = middle;
      else high = middle;
    }
    if (high > fromMs) return high;
  }
  throw new Error(`the clocks of ${timeZone} do not go forward within 400 days`);
}
