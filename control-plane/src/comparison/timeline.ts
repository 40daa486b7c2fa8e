import {
  type RunResult,
  type ServerWindow,
  summarise,
  type Timeline,
  windowSecondsOf,
} from '@oversoak/contracts';
import { ratio, sum } from '../judge/pooled.ts';
import { type Stretch, stretchesOf, windowsIn } from '../judge/windows.ts';

type Point = { [Column in keyof Timeline]: Timeline[Column][number] };

/** Four digits: more than a plot can show, and a third of the size. */
export const short = (value: number) => Number(value.toPrecision(4));

const shortOrNull = (value: number | null) => (value === null ? null : short(value));

/** The shortest multiple of a run's windows that divides its measurement into that many points. */
function everySeconds({ measureSeconds }: RunResult['spec']['phases'], points: number): number {
  const window = windowSecondsOf(measureSeconds);
  return window * Math.max(1, Math.ceil(measureSeconds / window / points));
}

function pointOf(stretch: Stretch, server: readonly ServerWindow[]): Point {
  const { startSeconds, endSeconds, load, errors } = stretch;
  const seconds = endSeconds - startSeconds;
  const { p50Us, p99Us, p999Us } = summarise(stretch.latency());
  const depths = server.flatMap(({ queueDepthMean }) => queueDepthMean ?? []);
  const last = server.at(-1);
  return {
    startSeconds: short(startSeconds),
    endSeconds: short(endSeconds),
    dueRate: short(load.due / seconds),
    sentRate: short(load.sent / seconds),
    echoRate: short(load.echoed / seconds),
    p50Us: shortOrNull(p50Us),
    p99Us: shortOrNull(p99Us),
    p999Us: shortOrNull(p999Us),
    errors: sum(Object.values(errors)),
    sessions: last?.sessions ?? null,
    workingSetBytes: last?.own.workingSetBytes ?? null,
    queueDepthMean: shortOrNull(ratio(sum(depths), depths.length)),
  };
}

/** A measurement in at the most `points` stretches; null for a run without a result. */
export function timelineOf(result: RunResult, points: number): Timeline | null {
  const { server, fleets, spec } = result;
  if (Object.keys(fleets).length === 0) return null;
  const rows = stretchesOf(result, everySeconds(spec.phases, points)).map((stretch) =>
    pointOf(
      stretch,
      windowsIn(server?.series.windows ?? [], stretch.startSeconds, stretch.endSeconds),
    ),
  );
  const column = <C extends keyof Point>(name: C) => rows.map((row) => row[name]);
  return {
    startSeconds: column('startSeconds'),
    endSeconds: column('endSeconds'),
    dueRate: column('dueRate'),
    sentRate: column('sentRate'),
    echoRate: column('echoRate'),
    p50Us: column('p50Us'),
    p99Us: column('p99Us'),
    p999Us: column('p999Us'),
    errors: column('errors'),
    sessions: column('sessions'),
    workingSetBytes: column('workingSetBytes'),
    queueDepthMean: column('queueDepthMean'),
  };
}
