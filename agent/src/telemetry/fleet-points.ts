import {
  type FleetFigures,
  readHistogram,
  STAGE_NAMES,
  type StageTable,
  UNSENT_CAUSE_NAMES,
} from '@oversoak/contracts';
import type { MetricPoint } from '@oversoak/telemetry';
import { addProcess } from './process-points.ts';
import { type PointBase, Points, type Watched } from './watched.ts';

const NS_PER_SECOND = 1e9;

/**
 * Pure: a fleet's metric points at a moment. Counts of messages, histograms and stages cover the
 * measurement only, which a native fleet keeps itself.
 */
export function fleetPoints(watched: Watched<FleetFigures>, base: PointBase): MetricPoint[] {
  const points = new Points(base);
  const { latest } = watched;
  const { load, latency, stages, deliveries } = latest.measured;
  for (const from of ['intended', 'actual'] as const) {
    const value = readHistogram(latency[from]);
    points.histogram('oversoak.echo.latency', value, { 'oversoak.latency.from': from });
  }
  points.histogram('oversoak.echo.send_lag', readHistogram(latency.sendLag));
  if (deliveries !== undefined) {
    points.histogram('oversoak.delivery.latency', readHistogram(deliveries.latency));
  }
  const tickLatency = deliveries?.ticks?.latency;
  if (tickLatency !== undefined) {
    points.histogram('oversoak.tick.latency', readHistogram(tickLatency));
  }
  addStages(points, stages);
  points.number('oversoak.messages.due', load.due);
  points.number('oversoak.messages.held', load.held);
  points.number('oversoak.messages.late', load.late);
  for (const cause of UNSENT_CAUSE_NAMES) {
    points.number('oversoak.messages.unsent', load.unsent[cause], { 'oversoak.cause': cause });
  }
  points.number('oversoak.messages.sent', load.sent);
  points.number('oversoak.messages.echoed', load.echoed);
  const { inFlight, lostOnClose } = latest.ledger;
  points.number('oversoak.messages.lost_on_close', lostOnClose);
  points.number('oversoak.messages.in_flight', inFlight);
  addProcess(points, watched);
  return points.all;
}

function addStages(points: Points, table: StageTable): void {
  for (const stage of STAGE_NAMES) {
    const sumNs = table.reduce((sum, row) => sum + row[stage], 0);
    points.number('oversoak.echo.stage.time', sumNs / NS_PER_SECOND, { 'oversoak.stage': stage });
  }
}
