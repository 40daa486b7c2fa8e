import * as barchart from '@grafana/grafana-foundation-sdk/barchart';
import * as common from '@grafana/grafana-foundation-sdk/common';
import { prometheusLabel, STAGES } from '@oversoak/contracts';
import { by, CELL, increase, legend, ofRuns, on, rate } from '../query/promql.ts';
import { PROMETHEUS } from '../query/sources.ts';
import { meanOfRange } from './latency.ts';
import { type Panel, promQuery, promRows, stacked } from './panel.ts';

const TIME = ofRuns('oversoak.echo.stage.time');
const WORDS = Object.entries(STAGES)
  .map(([stage, meaning]) => `${stage}: ${meaning}.`)
  .join(' ');

/**
 * Where the mean echo of each cell spent its time: shares of one sum, multiplied by the mean of the
 * histogram. Prometheus' extrapolation at the ends of a short run affects numerator and denominator
 * alike.
 */
export function stagesByCell(): barchart.PanelBuilder {
  const spent = (...more: 'oversoak.stage'[]) => `sum ${by(...CELL, ...more)} (${increase(TIME)})`;
  const share = `${spent('oversoak.stage')} / ${on(...CELL)} group_left () ${spent()}`;
  const mean = `${share} * ${on(...CELL)} group_left () ${meanOfRange(CELL)}`;
  const [cell, platform] = [prometheusLabel('oversoak.cell'), prometheusLabel('oversoak.platform')];
  // A bar is named by a single label, which must include the platform.
  const named = `label_join(${mean}, "${cell}", " · ", "${cell}", "${platform}")`;
  return new barchart.PanelBuilder()
    .title('Where the mean echo spends its time')
    .description(
      `The mean echo of each cell, from the moment it was due, split into its stages; a bar is as long as the mean latency. A change pays off most in the longest part. ${WORDS}`,
    )
    .datasource(PROMETHEUS)
    .unit('s')
    .orientation(common.VizOrientation.Horizontal)
    .stacking(common.StackingMode.Normal)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom),
    )
    .withTarget(promRows(named))
    .withTransformation({
      id: 'groupingToMatrix',
      options: {
        rowField: cell,
        columnField: prometheusLabel('oversoak.stage'),
        valueField: 'Value',
      },
    });
}

/** The shares of the stages in the echoes' time, over time. */
export function stageShares(): Panel {
  const seconds = (attributes: string) => `sum ${attributes} (${rate(TIME)})`;
  return stacked({
    title: 'Where echoes spend their time',
    description: `Shares of the time of all echoes, by stage. A growing share shows what slows the server down. ${WORDS}`,
    unit: 'percentunit',
  })
    .max(1)
    .withTarget(
      promQuery(
        `${seconds(by('oversoak.stage'))} / ignoring (${prometheusLabel('oversoak.stage')}) group_left () ${seconds('')}`,
        legend('oversoak.stage'),
      ),
    );
}
