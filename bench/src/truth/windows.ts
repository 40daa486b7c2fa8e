import { emptyHistogram, emptyLoad, type Threshold } from '@oversoak/contracts';
import { findInWindow, ofStretches } from '@oversoak/control-plane/judge/checks';
import { disturbedUpTo } from '@oversoak/control-plane/judge/disturbed';
import type { Finding } from '@oversoak/control-plane/judge/finding';
import { randomBinomial, randomLcg } from 'd3-random';
import type { TruthRow } from './row.ts';

const SEED = 0.7;
const WINDOWS = 480;
const NIGHTS = 1000;
const LIMIT_US = 50_000;
const NS_PER_US = 1000;

const THRESHOLD: Threshold = {
  text: 'echo.latency.p99 < 50ms every 60s',
  metric: 'echo.latency.p99',
  operator: '<',
  limit: LIMIT_US,
  everySeconds: 60,
  abort: false,
};

interface Case {
  /** The true p99 as a multiple of the limit. */
  share: number;
  /** Echoes per window. */
  echoes: number;
  /** Number of echoes that are slow together: a stall delays all echoes in flight. */
  together: number;
}

const CASES: Case[] = [0.5, 0.9, 1, 1.1].flatMap((share) => [
  ...[300, 3000, 18_000].map((echoes) => ({ share, echoes, together: 1 })),
  { share, echoes: 18_000, together: 10 },
]);

const NOTHING = {
  load: emptyLoad(),
  errors: {},
  disturbed: () => disturbedUpTo(0, 0),
  behindOthers: 0,
  lateByOthers: 0,
  lateness: () => ({
    busyPercent: 0,
    sendLag: emptyHistogram(),
    actual: emptyHistogram(),
    messages: 0,
  }),
};

/**
 * The finding for a window in which this number of echoes exceeds the limit; the rule sees no more.
 */
function findingsOf(echoes: number): (above: number) => Finding {
  const found = new Map<number, Finding>();
  const find = (above: number) => {
    const latency = emptyHistogram();
    if (above < echoes) latency.recordValueWithCount((LIMIT_US / 10) * NS_PER_US, echoes - above);
    if (above > 0) latency.recordValueWithCount(LIMIT_US * 2 * NS_PER_US, above);
    return findInWindow(THRESHOLD, { ...NOTHING, latency: () => latency }, WINDOWS);
  };
  return (above) => {
    const finding = found.get(above) ?? find(above);
    found.set(above, finding);
    return finding;
  };
}

function rowsOf({ share, echoes, together }: Case): TruthRow[] {
  // Latencies are exponential: 1 % of them exceed the p99, and this share exceeds the limit.
  const aboveLimit = 0.01 ** (1 / share);
  const groups = randomBinomial.source(randomLcg(SEED))(echoes / together, aboveLimit);
  const findingOf = findingsOf(echoes);
  const counts = { held: 0, missed: 0, unknown: 0 };
  let failed = 0;
  for (let night = 0; night < NIGHTS; night += 1) {
    const findings = Array.from({ length: WINDOWS }, () => findingOf(together * groups()));
    for (const { outcome } of findings) counts[outcome] += 1;
    if (ofStretches(THRESHOLD, findings, null).check.outcome === 'missed') failed += 1;
  }
  const slow = together === 1 ? '' : `, slow by the ${together}`;
  const what = `p99 at ${share} of its limit, ${echoes} echoes in a window${slow}`;
  const all = NIGHTS * WINDOWS;
  const atMost = (applies: boolean) => (applies ? ({ operator: '<=', percent: 5 } as const) : null);
  const alone = together === 1;
  return [
    { what, said: 'held', n: all, count: counts.held, aim: atMost(share > 1 && alone) },
    { what, said: 'missed', n: all, count: counts.missed, aim: null },
    { what, said: 'undecided', n: all, count: counts.unknown, aim: null },
    {
      what,
      said: `missed in a night of ${WINDOWS}`,
      n: NIGHTS,
      count: failed,
      aim: atMost(share <= 1 && alone),
    },
  ];
}

export function simulateWindows(): TruthRow[] {
  return CASES.flatMap(rowsOf);
}
