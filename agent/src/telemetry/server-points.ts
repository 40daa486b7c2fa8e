import type { ServerFigures, ServerZoneFigures } from '@oversoak/contracts';
import type { MetricPoint } from '@oversoak/telemetry';
import { meanDepth } from '../host/queue-depth.ts';
import { addProcess } from './process-points.ts';
import { measurement, type PointBase, Points, type Watched } from './watched.ts';

/**
 * Pure: a server's metric points at a moment. Counts and histograms cover the measurement only.
 * `previous`: its figures at the previous collection; queue depths are means since then.
 */
export function serverPoints(
  watched: Watched<ServerFigures>,
  previous: ServerFigures,
  base: PointBase,
): MetricPoint[] {
  const points = new Points(base);
  const { latest } = watched;
  const measured = measurement(watched);
  const between = (of: 'lockWait' | 'moveLatency') =>
    measured && { start: measured.start.histograms[of], end: measured.end.histograms[of] };
  points.histogramBetween('oversoak.container.lock_wait', between('lockWait'));
  points.histogramBetween('oversoak.player.move_latency', between('moveLatency'));
  points.number('oversoak.player.moves', measured ? measured.end.moves - measured.start.moves : 0);
  const handledOf = (figures: ServerFigures | undefined, content: string) =>
    figures?.contents.find(({ name }) => name === content)?.handled ?? 0;
  for (const { name } of latest.contents) {
    const content = { 'oversoak.content': name };
    const end = measured?.end.histograms.queueWait[name];
    const start = measured?.start.histograms.queueWait[name];
    points.histogramBetween(
      'oversoak.content.queue_wait',
      end === undefined ? null : { start, end },
      content,
    );
    const handled = handledOf(measured?.end, name) - handledOf(measured?.start, name);
    points.number('oversoak.content.handled', handled, content);
    points.number('oversoak.content.queue_depth', meanDepth(latest, previous, name), content);
  }
  addZones(points, watched);
  addProcess(points, watched);
  return points.all;
}

function addZones(points: Points, watched: Watched<ServerFigures>): void {
  const { zones } = watched.latest;
  if (zones === undefined) return;
  const measured = measurement(watched);
  const between: Between = (count) => {
    const { start, end } = measured ?? {};
    const counted = (figures: ServerFigures | undefined) =>
      figures?.zones === undefined ? 0 : count(figures.zones);
    return counted(end) - counted(start);
  };
  points.number(
    'oversoak.zone.broadcasts',
    between(({ broadcasts }) => broadcasts),
  );
  points.number(
    'oversoak.zone.deliveries',
    between(({ copies }) => copies),
  );
  points.number(
    'oversoak.zone.left_out',
    between(({ dropped, replaced }) => dropped + replaced),
  );
  points.number('oversoak.zone.backlog', zones.backlogMaxBytes);
  if (watched.latest.histograms.tickLateness !== undefined) addTicks(points, watched, between);
}

type Between = (count: (of: ServerZoneFigures) => number) => number;

function addTicks(points: Points, watched: Watched<ServerFigures>, between: Between): void {
  points.number(
    'oversoak.zone.ticks',
    between(({ ticks }) => ticks),
  );
  points.number(
    'oversoak.zone.ticks_skipped',
    between(({ ticksSkipped }) => ticksSkipped),
  );
  const measured = measurement(watched);
  const end = measured?.end.histograms.tickLateness;
  const start = measured?.start.histograms.tickLateness;
  points.histogramBetween('oversoak.zone.tick_lateness', end === undefined ? null : { start, end });
}
