import {
  countSince,
  type FleetFigures,
  intervalHistogram,
  type ServerFigures,
} from '@oversoak/contracts';
import type { Attributes } from '@oversoak/telemetry';
import type { Reading } from '../host/messages.ts';
import { meanDepth } from '../host/queue-depth.ts';

const NS_PER_US = 1000;

function errorsSince(later: Reading['figures'], earlier: Reading['figures']): number {
  const total = ({ errors }: Reading['figures']) =>
    Object.values(errors).reduce((sum, count) => sum + count, 0);
  return countSince('errors', total(later), total(earlier));
}

function fleetInterval(later: FleetFigures, earlier: FleetFigures): Attributes {
  const latency = intervalHistogram(
    later.measured.latency.intended,
    earlier.measured.latency.intended,
  );
  const percentileUs = (percentile: number) => latency.getValueAtPercentile(percentile) / NS_PER_US;
  return {
    'oversoak.interval.sent': countSince('ledger.sent', later.ledger.sent, earlier.ledger.sent),
    'oversoak.interval.echoed': countSince(
      'ledger.echoed',
      later.ledger.echoed,
      earlier.ledger.echoed,
    ),
    // An empty histogram has no percentiles.
    ...(latency.totalCount === 0
      ? {}
      : {
          'oversoak.interval.p50_us': percentileUs(50),
          'oversoak.interval.p99_us': percentileUs(99),
          'oversoak.interval.max_us': latency.maxValue / NS_PER_US,
        }),
  };
}

function serverInterval(later: ServerFigures, earlier: ServerFigures): Attributes {
  const depth = meanDepth(later, earlier);
  return {
    'oversoak.interval.echoed': countSince(
      'frames.echoed',
      later.frames.echoed,
      earlier.frames.echoed,
    ),
    ...(depth === null ? {} : { 'oversoak.interval.queue_depth': depth }),
  };
}

/**
 * Pure: span attributes for the interval between two readings of a part.
 * @throws Error when a counter ran backwards
 */
export function intervalAttributes(later: Reading, earlier: Reading, seconds: number): Attributes {
  const { workingSetBytes } = later.figures.process;
  const own =
    later.role === 'server'
      ? serverInterval(later.figures, earlier.figures as ServerFigures)
      : fleetInterval(later.figures, earlier.figures as FleetFigures);
  return {
    ...own,
    'oversoak.interval.seconds': seconds,
    'oversoak.interval.errors': errorsSince(later.figures, earlier.figures),
    ...(workingSetBytes === null ? {} : { 'oversoak.interval.working_set_bytes': workingSetBytes }),
  };
}
