import {
  type DifferenceMetric,
  mergeHistograms,
  type RunResult,
  summarise,
} from '@oversoak/contracts';
import { deliveriesOf, measuredLatency, measuredOf } from '../judge/figures.ts';
import { MIN_ECHOES } from '../judge/latency.ts';
import { sentInTime } from '../judge/load.ts';
import { ratio } from '../judge/pooled.ts';
import { SERVER_FORMULAS } from '../prediction/server-formulas.ts';
import { platformsOf } from './platforms.ts';

/** The part of a result that a repeat's figures are computed from. */
type Measured = Pick<RunResult, 'run' | 'spec' | 'environments' | 'server' | 'fleets'>;

/** The compared figures of one run, over its whole measurement. */
export interface Repeat {
  repeat: number;
  /** Agents, roles and platforms as text; equal for runs on the same gang. */
  gang: string;
  platform: string[];
  /** Share of the messages sent that are in no latency, because the fleet stood still. */
  disturbedPercent: number;
  /** In the metric's unit; null: the run has none. */
  figures: Record<DifferenceMetric, number | null>;
}

function latencies(result: Measured) {
  // Fleets are merged by counts; percentiles are never averaged.
  const merged = measuredLatency(result, 'intended');
  const { p50Us, p99Us, slowestUs } = summarise(merged);
  const enough = (of: keyof typeof MIN_ECHOES) => merged.totalCount >= MIN_ECHOES[of];
  return {
    'echo.latency.p50': enough('echo.latency.p50') ? p50Us : null,
    'echo.latency.p99': enough('echo.latency.p99') ? p99Us : null,
    // The slowest 1 % need as many echoes as the p99.
    'echo.latency.slowest': enough('echo.latency.p99') ? slowestUs : null,
  };
}

function deliveryP99({ fleets }: Measured): number | null {
  const merged = mergeHistograms(deliveriesOf({ fleets }).latency);
  return merged.totalCount < MIN_ECHOES['delivery.latency.p99'] ? null : summarise(merged).p99Us;
}

function serverFigures({ server }: Measured) {
  return {
    'server.cpuPerEcho': server === null ? null : SERVER_FORMULAS['server.cpuPerEcho'](server),
    'server.cpuPerDelivery':
      server === null ? null : SERVER_FORMULAS['server.cpuPerDelivery'](server),
    'server.workingSet': server === null ? null : SERVER_FORMULAS['server.workingSet'](server),
  };
}

export function repeatOf(result: Measured): Repeat {
  const { run } = result;
  const platform = platformsOf(result);
  const members = run.gang.map(({ agentId, role }) => `${role} ${agentId}`).sort();
  const measured = measuredOf(result);
  return {
    repeat: run.repeat,
    gang: `${members.join(', ')} (${platform.join(', ')})`,
    platform,
    disturbedPercent: 100 * (ratio(measured.disturbed, measured.sent) ?? 0),
    figures: {
      ...latencies(result),
      'delivery.latency.p99': deliveryP99(result),
      'sent.rate': ratio(sentInTime(measured), measured.seconds),
      ...serverFigures(result),
    },
  };
}
