import { readHistogram, type SoakSpec } from '@oversoak/contracts';
import { fingerprint } from '@oversoak/control-plane/comparison/night';
import { Nights } from '@oversoak/control-plane/store/nights';
import { connect } from '@oversoak/control-plane/store/redis';
import { Schedules } from '@oversoak/control-plane/store/schedules';
import { latencies } from '@oversoak/testing/builders/made-figures';

const DAY_MS = 86_400_000;
const P50_US = 1500;
const NIGHTS = 24;
/** The p99 is slower for longer than the p50. */
const WORSE_NIGHTS = { p50: 6, p99: 12 };
/** By how much the last nights are slower. */
const WORSE = 1.6;
const KEY = 'iocp.homo.40';

/** Scatter of a night, about 4 %. */
function scatter(night: number): number {
  const ns = readHistogram(latencies(1, 1, night)).maxValue;
  return 1 + (Math.log(ns / 1e6) / 0.5) * 0.04;
}

interface MadeNights {
  redisUrl: string;
  /** It exists already. */
  schedule: string;
  spec: SoakSpec;
  /** A soak that is done, for the verdicts of the history. */
  soakId: string;
  nowMs: number;
}

/** Gives a schedule a month of nights, of which the last are slower, where a real one has them. */
export async function makeNights(made: MadeNights): Promise<void> {
  const { redisUrl, schedule, spec, soakId, nowMs } = made;
  const redis = connect(redisUrl);
  try {
    const noSecret = (): never => {
      throw new Error('a made night has no secret');
    };
    const schedules = new Schedules(redis, { seal: noSecret });
    const stored = await schedules.get(schedule);
    if (stored === null) throw new Error(`no schedule ${schedule}`);
    for (let night = 0; night < NIGHTS; night += 1) {
      const tickAtMs = nowMs - (NIGHTS - night) * DAY_MS;
      const factor = (of: keyof typeof WORSE_NIGHTS) =>
        scatter(night) * (night < NIGHTS - WORSE_NIGHTS[of] ? 1 : WORSE);
      const figures = {
        'echo.latency.p50': P50_US * factor('p50'),
        'echo.latency.p99': P50_US * 3 * factor('p99'),
      };
      const request = { key: `made-${night}`, fingerprint: 'made' };
      const added = await schedules.addEntry(
        stored,
        {
          ...{ tickAtMs, cause: 'tick', outcome: 'submitted', soakId, note: '' },
          ...{ webhook: null, request },
        } as never,
        false,
      );
      if (added !== 'added') throw new Error(`the entry of night ${night} is ${added}`);
      await new Nights(redis).keep(schedule, {
        ...{ soakId: `soak-night-${night}`, tickAtMs, cause: 'tick', measures: fingerprint(spec) },
        cells: [{ key: KEY, verdict: 'passed', platform: ['Windows 10.0.26100'], figures }],
      });
    }
  } finally {
    redis.disconnect();
  }
}
