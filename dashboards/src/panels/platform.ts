import * as common from '@grafana/grafana-foundation-sdk/common';
import type { Metric } from '@oversoak/contracts';
import { by, legend, ofNights, ofRuns } from '../query/promql.ts';
import { figure, type Panel, promInstant } from './panel.ts';

const WORDS = {
  wine: {
    text: 'Wine: correctness and relative cost, never Windows performance',
    colour: 'orange',
  },
  windows: { text: 'Windows', colour: 'green' },
  linux: { text: 'Linux', colour: 'blue' },
} as const;

function platformOf(selector: string): Panel {
  const panel = figure({
    title: 'Platform',
    description:
      'The platform of the servers of the selected runs. Wine shows that a model is correct, and what it costs relative to another one on Wine. Only Windows shows how fast it is on Windows. Linux: the notification models of Linux, natively.',
    unit: 'none',
  })
    .colorMode(common.BigValueColorMode.Background)
    .textMode(common.BigValueTextMode.Name)
    .withTarget(
      promInstant(
        `count ${by('oversoak.platform')} (last_over_time(${selector}[$__range]))`,
        legend('oversoak.platform'),
      ),
    );
  for (const [name, { text, colour }] of Object.entries(WORDS)) {
    panel.overrideByName(name, [
      { id: 'displayName', value: text },
      { id: 'color', value: { mode: 'fixed', fixedColor: colour } },
    ]);
  }
  return panel;
}

/** Of the runs that the variables select. */
export const platform = (): Panel => platformOf(ofRuns('oversoak.messages.echoed'));

/** Of the nights that the variables select. */
export const platformOfNights = (): Panel => platformOf(ofNights('oversoak.run.p99'));

/** Of the live agents. */
export function platformOfAgents(): Panel {
  const metric: Metric = 'oversoak.agents';
  return platformOf(ofRuns(metric));
}
