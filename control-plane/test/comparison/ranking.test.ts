import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Cell, cellKey, type DifferenceMetric, Ranking } from '@oversoak/contracts';
import { madeSpec } from '@oversoak/testing/builders/made-figures';
import { normal, seeded } from '@oversoak/testing/builders/made-random';
import { madeRepeats } from '@oversoak/testing/builders/made-repeats';
import { Value } from 'typebox/value';
import { type RankableCell, rankingsOf } from '../../src/comparison/ranking.ts';

const P99 = 'echo.latency.p99';

function rankable(of: Partial<Cell>, values: number[], metric: DifferenceMetric = P99) {
  const cell: Cell = { notifier: 'iocp', layout: 'homo', sessions: 100, ...of };
  return { cell, key: cellKey(cell), repeats: madeRepeats(metric, values) };
}

function wordsOf(cells: RankableCell[], spec = madeSpec()): string[] {
  const rankings = rankingsOf(spec, cells);
  for (const ranking of rankings) assert.deepEqual(Value.Errors(Ranking, ranking), []);
  return rankings.map(({ words }) => words);
}

const event = rankable({ notifier: 'event' }, [8100, 8150, 8050]);
const routine = rankable({ notifier: 'completion-routine' }, [9000, 9200, 9100]);
const iocp = rankable({ notifier: 'iocp' }, [9150, 8950, 9250]);
const select = rankable({ notifier: 'select' }, [20_000, 21_000, 20_500]);

describe('a ranking', () => {
  it('names the best, those that cannot be told apart, and the rest, in words', () => {
    const [words = ''] = wordsOf([select, iocp, event, routine]);
    assert.equal(
      words,
      'event is fastest by p99 (8.10 ms, 7.95 to 8.25); ' +
        'completion-routine (9.10 ms, 8.80 to 9.41) and iocp (9.12 ms, 8.67 to 9.59) ' +
        'cannot be told apart; then select (20.5 ms, 19.0 to 22.1)',
    );
  });

  it('names no leader if the first cannot be distinguished from the next', () => {
    const [words = ''] = wordsOf([iocp, routine]);
    assert.match(words, /^no cell is shown to be fastest by p99; .* and .* cannot be told apart$/);
  });

  it('makes no claim about a cell that scatters too widely', () => {
    const wild = rankable({ notifier: 'select' }, [2000, 90_000, 30_000]);
    const [ranking] = rankingsOf(madeSpec(), [event, iocp, wild]);
    assert.deepEqual(ranking?.apart, [{ better: 'event.homo.100', worse: 'iocp.homo.100' }]);
    const figures = String.raw`\([^)]*\)`;
    assert.match(
      ranking?.words ?? '',
      new RegExp(
        `^no cell is shown to be fastest by p99; event ${figures} and select ${figures} ` +
          `cannot be told apart; iocp ${figures} and select cannot be told apart$`,
      ),
    );
  });

  it('makes no claim from one repeat, and says how many are needed', () => {
    const once = [event, iocp, select].map((cell) => ({
      ...cell,
      repeats: cell.repeats.slice(0, 1),
    }));
    const [ranking] = rankingsOf(madeSpec(), once);
    assert.deepEqual(ranking?.apart, []);
    assert.match(
      ranking?.words ?? '',
      /^one repeat cannot show which cell is fastest by p99: event 8\.10 ms, .*; to detect 10 % between cells whose repeats scatter by 5 %, run 8 repeats$/,
    );
  });

  it('makes no claim about a cell with one repeat, however large the difference', () => {
    const once = rankable({ notifier: 'select' }, [90_000]);
    assert.match(
      wordsOf([event, iocp, once])[0] ?? '',
      /^no cell is shown to be .*; event .* and select \(90\.0 ms, one repeat\) cannot be told apart; /,
    );
  });

  it('ranks cells with different sessions separately, and those of a baseline not at all', () => {
    const more = [1, 2].map((at) =>
      rankable({ notifier: at === 1 ? 'iocp' : 'event', sessions: 500 }, [9000 * at, 9100 * at]),
    );
    const baseline = rankable({ side: 'baseline' }, [1, 1, 1]);
    const rankings = rankingsOf(madeSpec(), [event, iocp, ...more, baseline]);
    assert.deepEqual(
      rankings.map(({ sessions, cells }) => [sessions, cells.length]),
      [
        [100, 2],
        [500, 2],
      ],
    );
    assert.deepEqual(wordsOf([event, baseline]), []);
  });

  it('ranks the rate of a closed loop alone: an open one has what the spec says', () => {
    const rates = ['iocp', 'event'].map((notifier, at) =>
      rankable({ notifier: notifier as 'iocp' }, [500 + 100 * at, 501 + 100 * at], 'sent.rate'),
    );
    assert.deepEqual(wordsOf(rates), []);
    const { ratePerSecond: _, ...workload } = madeSpec().workload;
    const closed = madeSpec({ workload: { ...workload, pacing: 'closed' } });
    assert.match(
      wordsOf(rates, closed)[0] ?? '',
      /^event is highest by rate \(600\.5 \/s, 591\.5 to 609\.7\); then iocp /,
    );
  });

  it('names cells by what they differ in', () => {
    const cells = (['homo', 'hetero'] as const).flatMap((layout, at) =>
      (['iocp', 'event'] as const).map((notifier, more) => {
        const middle = 1000 * (1 + at) * (1 + 4 * more);
        return rankable({ notifier, layout }, [middle, middle * 1.01, middle * 0.99]);
      }),
    );
    assert.match(wordsOf(cells)[0] ?? '', /^iocp × homo is fastest by p99 .*; then iocp × hetero /);
  });

  it('rarely calls one of several equal cells the fastest, and claims any difference in 5 %', (test) => {
    let fastest = 0;
    let claims = 0;
    const soaks = 500;
    for (let seed = 1; seed <= soaks; seed++) {
      const random = seeded(seed);
      const cells = (['iocp', 'event', 'select', 'completion-routine'] as const).map((notifier) =>
        rankable(
          { notifier },
          Array.from({ length: 5 }, () => 1000 * Math.exp(0.05 * normal(random))),
        ),
      );
      const [ranking] = rankingsOf(madeSpec(), cells);
      if (ranking?.words.includes(' is fastest')) fastest += 1;
      if ((ranking?.apart.length ?? 0) > 0) claims += 1;
    }
    test.diagnostic(`fastest ${fastest}, any claim ${claims} of ${soaks}`);
    assert.ok(fastest <= 0.02 * soaks && claims <= 0.05 * soaks, `${fastest}, ${claims}`);
  });
});
