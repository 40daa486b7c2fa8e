import { type FleetFigures, STAGE_NAMES, type StageTable, stagesSince } from '@oversoak/contracts';
import type { MetricPoint } from '@oversoak/telemetry';
import { addProcess } from './process-points.ts';
import { measurement, type PointBase, Points, type Watched } from './watched.ts';

const NS_PER_SECOND = 1e9;

/** Pure: what a fleet tells at a moment. Histograms and stages are those of the measurement. */
export function fleetPoints(watched: Watched<FleetFigures>, base: PointBase): MetricPoint[] {
  const points = new Points(base);
  const { latest } = watched;
  const measured = measurement(watched);
  const between = (of: keyof FleetFigures['latency']) =>
    measured && { start: measured.start.latency[of], end: measured.end.latency[of] };
  points.histogram('oversoak.echo.latency', between('intended'), {
    'oversoak.latency.from': 'intended',
  });
  points.histogram('oversoak.echo.latency', between('actual'), {
    'oversoak.latency.from': 'actual',
  });
  points.histogram('oversoak.echo.send_lag', between('sendLag'));
  addStages(points, measured && stagesSince(measured.end.stages, measured.start.stages));
  const { sent, echoed, inFlight, lostOnClose } = latest.ledger;
  points.number('oversoak.messages.offered', latest.offered);
  points.number('oversoak.messages.sent', sent);
  points.number('oversoak.messages.echoed', echoed);
  points.number('oversoak.messages.lost_on_close', lostOnClose);
  points.number('oversoak.messages.in_flight', inFlight);
  addProcess(points, latest);
  return points.all;
}

function addStages(points: Points, table: StageTable | null): void {
  for (const stage of STAGE_NAMES) {
    const sumNs = (table ?? []).reduce((sum, row) => sum + row[stage], 0);
    points.number('oversoak.echo.stage.time', sumNs / NS_PER_SECOND, { 'oversoak.stage': stage });
  }
}
