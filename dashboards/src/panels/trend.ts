import * as common from '@grafana/grafana-foundation-sdk/common';
import type { Attribute, Metric } from '@oversoak/contracts';
import { by, legend, ofNights, series } from '../query/promql.ts';
import { alarm, type Panel, promInstant, promQuery, signedSeries, timeSeries } from './panel.ts';

const NIGHT = [
  'oversoak.schedule',
  'oversoak.soak.name',
  'oversoak.cell',
  'oversoak.platform',
] as const satisfies readonly Attribute[];
const NIGHT_LEGEND = legend('oversoak.cell', 'oversoak.soak.name', 'oversoak.platform');
const P99 = ofNights('oversoak.run.p99');

/** p99 of each night. */
export function p99OfNights(): Panel {
  return timeSeries({
    title: 'p99, night by night',
    description:
      'The p99 of each cell in its last soak, over all repeats that are done and were sound, from the intended send time; it stays until the next run ends, so each step is a repeat, and the last of a night is the night. `oversoak trend` compares it with the base of the schedule; this panel is a first overview.',
    unit: 's',
  })
    .lineInterpolation(common.LineInterpolation.StepAfter)
    .withTarget(promQuery(`max ${by(...NIGHT)} (${P99})`, NIGHT_LEGEND));
}

/** p99 of the last night compared with its week. */
export function p99AgainstWeek(): Panel {
  return timeSeries({
    title: 'p99 relative to the median of its last seven days',
    description:
      '100 % is a night like the previous ones. Noise changes it considerably, more so under Wine, and a creep moves the median along; `oversoak trend` compares it with a fixed base.',
    unit: 'percentunit',
  })
    .lineInterpolation(common.LineInterpolation.StepAfter)
    .withTarget(
      promQuery(
        `max ${by(...NIGHT)} (${P99}) / max ${by(...NIGHT)} (quantile_over_time(0.5, ${P99}[7d]))`,
        NIGHT_LEGEND,
      ),
    );
}

const ofSchedules = (selector: string) => `max ${by('oversoak.schedule')} (${selector})`;

/** Number of regressions, by schedule; of all schedules, for the alert. */
export const regressionCount = (): string => ofSchedules(series('oversoak.regressions'));

/** Whether a schedule has regressed. */
export function regressions(): Panel {
  return alarm({
    title: 'Regressions',
    description:
      'Figures of a schedule that have become worse than its base, the first nights since its spec changed or since a soak was pinned for it. It should be 0. `oversoak trend SCHEDULE` names them.',
    unit: 'none',
  }).withTarget(
    promInstant(ofSchedules(ofNights('oversoak.regressions')), legend('oversoak.schedule')),
  );
}

/** Schedules that are enabled but create no soaks. */
export const stoppedSchedules = (): string => ofSchedules(series('oversoak.schedule.stopped'));

/** Whether the schedules tick. */
export function stopped(): Panel {
  return alarm({
    title: 'Stopped schedules',
    description:
      '1: the schedule is enabled but submits no soaks, because its tick is overdue or its last ticks were skipped or refused. `oversoak schedules` shows why. On all other panels a missing night looks like a quiet one.',
    unit: 'none',
  }).withTarget(
    promInstant(ofSchedules(ofNights('oversoak.schedule.stopped')), legend('oversoak.schedule')),
  );
}

/** Since when a schedule has been worse. */
export function regressionsOverTime(): Panel {
  return timeSeries({
    title: 'Regressions over time',
    description:
      'The same over time. A line that leaves 0 marks the night in which the regression began; check what changed on the day before.',
    unit: 'none',
  })
    .lineInterpolation(common.LineInterpolation.StepAfter)
    .withTarget(
      promQuery(ofSchedules(ofNights('oversoak.regressions')), legend('oversoak.schedule')),
    );
}

type Drift = Extract<Metric, `oversoak.run.drift.${string}`>;

/** The slope of a figure and its interval; `more`: what distinguishes its kinds. */
function drift(
  text: { title: string; grows: string; unit: string },
  metric: Drift,
  ...more: 'oversoak.drift.metric'[]
): Panel {
  const lines = ['oversoak.drift.estimate', ...more] as const;
  return signedSeries({
    title: text.title,
    description: `Slope of the last run of each cell, per hour, over its measurement (Theil–Sen, so single outliers do not affect it), between "low" and "high", the ends of its 95 % interval. While low is not above 0, nothing is known to grow. ${text.grows}`,
    unit: text.unit,
  })
    .lineInterpolation(common.LineInterpolation.StepAfter)
    .overrideByRegexp('^(low|high) .*', [
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } },
    ])
    .withTarget(
      promQuery(
        `max ${by(...NIGHT, ...lines)} (${ofNights(metric)})`,
        `${legend(...lines)} · ${NIGHT_LEGEND}`,
      ),
    );
}

/** Growth of memory in the last run of each cell. */
export function memoryDrift(): Panel {
  return drift(
    {
      title: 'Drift of memory, per hour',
      grows: 'A long night shows a leak here before memory runs out.',
      unit: 'bytes',
    },
    'oversoak.run.drift.memory',
    'oversoak.drift.metric',
  );
}

/** Growth of handles. */
export function handlesDrift(): Panel {
  return drift(
    {
      title: 'Drift of handles, per hour',
      grows: 'A handle that remains for each connection, or each minute, is a leak.',
      unit: 'none',
    },
    'oversoak.run.drift.handles',
  );
}

/** Growth of threads. */
export function threadsDrift(): Panel {
  return drift(
    {
      title: 'Drift of threads, per hour',
      grows: 'A thread that remains for each connection, or each minute, is a leak.',
      unit: 'none',
    },
    'oversoak.run.drift.threads',
  );
}

/** Growth of latency. */
export function latencyDrift(): Panel {
  return drift(
    {
      title: 'Drift of the p99, per hour',
      grows: 'A p99 that creeps up every night will eventually miss its threshold.',
      unit: 's',
    },
    'oversoak.run.drift.p99',
  );
}
