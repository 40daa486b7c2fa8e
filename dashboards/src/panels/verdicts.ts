import * as common from '@grafana/grafana-foundation-sdk/common';
import type { Attribute } from '@oversoak/contracts';
import {
  by,
  is,
  legend,
  matches,
  NIGHT_VARIABLES,
  ofAnyPlane,
  ofNights,
  series,
} from '../query/promql.ts';
import { attribute, chosen, select, spans } from '../query/traceql.ts';
import {
  figure,
  type Panel,
  promInstant,
  promQuery,
  spanQuery,
  spanRows,
  stacked,
} from './panel.ts';

const COLOURS = { passed: 'green', failed: 'red', inconclusive: 'orange', cancelled: 'gray' };

/** 1 for each schedule whose last soak failed or was inconclusive, otherwise 0. */
export function badNights(): string {
  const bad = series('oversoak.schedule.verdict', {
    'oversoak.verdict': matches('failed|inconclusive'),
  });
  return `max ${by('oversoak.schedule', 'oversoak.verdict')} (${bad})`;
}

/** The verdict of each schedule's last soak. */
export function lastVerdicts(): Panel {
  const panel = figure({
    title: 'Last night',
    description:
      'The verdict of the last finished soak of each schedule. failed: the server missed a threshold. inconclusive: the test itself was not sound, e.g. an agent was lost; nothing is known about the server.',
    unit: 'none',
  })
    .colorMode(common.BigValueColorMode.Background)
    .textMode(common.BigValueTextMode.Name)
    .withTarget(
      promInstant(
        `max ${by('oversoak.schedule', 'oversoak.verdict')} (${ofNights('oversoak.schedule.verdict')}) == 1`,
        legend('oversoak.schedule', 'oversoak.verdict'),
      ),
    );
  for (const [verdict, colour] of Object.entries(COLOURS)) {
    panel.overrideByRegexp(`.*${verdict}$`, [
      { id: 'color', value: { mode: 'fixed', fixedColor: colour } },
    ]);
  }
  return panel;
}

/** Finished runs, by verdict. */
export function runsByVerdict(): Panel {
  const panel = stacked({
    title: 'Runs by verdict',
    description:
      'Judged runs by verdict, since counting began. Each step is a night; investigate a red or orange step below.',
    unit: 'none',
  }).withTarget(
    promQuery(
      `sum ${by('oversoak.verdict')} (${ofAnyPlane(ofNights('oversoak.runs'))})`,
      legend('oversoak.verdict'),
    ),
  );
  for (const [verdict, colour] of Object.entries(COLOURS)) {
    panel.overrideByName(verdict, [{ id: 'color', value: { mode: 'fixed', fixedColor: colour } }]);
  }
  return panel;
}

const RUN: readonly Attribute[] = ['oversoak.schedule', 'oversoak.soak.name', 'oversoak.cell'];

/** Share of each cell's runs that passed. */
export function passedShare(): Panel {
  const runs = (passed: boolean) => {
    const counted = ofNights('oversoak.runs', passed ? { 'oversoak.verdict': is('passed') } : {});
    return `sum ${by(...RUN)} (${ofAnyPlane(counted)})`;
  };
  return figure({
    title: 'Runs that passed',
    description:
      'The share of the judged runs of a cell that passed, since counting began. A cell far below the others does not hold up, or its thresholds are too strict.',
    unit: 'percentunit',
  }).withTarget(promInstant(`${runs(true)} / ${runs(false)}`, legend(...RUN)));
}

/** Runs that did not pass, with their reasons. */
export function badRuns(): Panel {
  const VERDICT = 'run.verdict';
  return spanRows(
    {
      title: 'Runs that did not pass, and why',
      description:
        'One trace for each judgement. The reason is the first of those in the result document; `oversoak show RUN` shows all of them, and what they rest on.',
      unit: 'none',
    },
    'Start time',
  ).withTarget(
    spanQuery(
      `${spans(
        VERDICT,
        ...chosen(VERDICT, NIGHT_VARIABLES),
        `${attribute(VERDICT, 'oversoak.verdict')} =~ "failed|inconclusive"`,
      )} | ${select(
        VERDICT,
        'oversoak.verdict',
        'oversoak.verdict.reason',
        'oversoak.soak.name',
        'oversoak.cell',
        'oversoak.platform',
        'oversoak.soak.id',
        'oversoak.run.id',
      )}`,
    ),
  );
}
