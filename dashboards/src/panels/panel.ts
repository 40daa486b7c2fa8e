// The kinds of panels that all dashboards use. What a panel shows is defined in panels/.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as tempo from '@grafana/grafana-foundation-sdk/tempo';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { PROMETHEUS, TEMPO } from '../query/sources.ts';

export interface PanelText {
  title: string;
  /** What the panel means and how to read it. */
  description: string;
  /** Grafana's name of a unit. */
  unit: string;
}

/** Rates of messages, moves, ...: Grafana's predefined rate units have their own nouns. */
export const PER_SECOND = (noun: string): string => `suffix: ${noun}/s`;

/** A panel without a position; a dashboard sets its width and height. */
export type Panel = Builder<dashboard.Panel>;

/** Lines over time, from 0 up. */
export function timeSeries(text: PanelText): timeseries.PanelBuilder {
  return signedSeries(text).min(0);
}

/** Lines over time that may be negative. */
export function signedSeries({ title, description, unit }: PanelText): timeseries.PanelBuilder {
  return new timeseries.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(PROMETHEUS)
    .unit(unit)
    .lineWidth(1)
    .fillOpacity(0)
    .showPoints(common.VisibilityMode.Auto)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    );
}

/** Shares or amounts that add up, as a stack. */
export function stacked(text: PanelText): timeseries.PanelBuilder {
  return timeSeries(text)
    .fillOpacity(60)
    .lineWidth(0)
    .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'));
}

/** One figure per series: its last value. */
export function figure({ title, description, unit }: PanelText): stat.PanelBuilder {
  return (
    new stat.PanelBuilder()
      .title(title)
      .description(description)
      .datasource(PROMETHEUS)
      .unit(unit)
      .graphMode(common.BigValueGraphMode.None)
      .colorMode(common.BigValueColorMode.Value)
      // Without thresholds of its own, Grafana draws every figure from 80 on in red.
      .thresholds(steps('text'))
      .textMode(common.BigValueTextMode.ValueAndName)
      .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
  );
}

/** A figure that is green at 0 and red from 1. */
export function alarm(text: PanelText): stat.PanelBuilder {
  return figure(text)
    .thresholds(steps('green', [1, 'red']))
    .colorMode(common.BigValueColorMode.Background);
}

/** A table. */
export function rows({ title, description, unit }: PanelText): table.PanelBuilder {
  return new table.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(PROMETHEUS)
    .unit(unit);
}

/** The distribution of a native histogram over time. */
export function heatMap({ title, description, unit }: PanelText): heatmap.PanelBuilder {
  return new heatmap.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(PROMETHEUS)
    .unit(unit)
    .calculate(false)
    .yAxis(
      new heatmap.YAxisConfigBuilder()
        .unit(unit)
        .axisPlacement(common.AxisPlacement.Left)
        .scaleDistribution(
          new common.ScaleDistributionConfigBuilder().type(common.ScaleDistribution.Log).log(2),
        ),
    )
    .cellValues(new heatmap.CellValuesBuilder().unit('percentunit'))
    .color(
      new heatmap.HeatmapColorOptionsBuilder()
        .mode(heatmap.HeatmapColorMode.Scheme)
        .scheme('Oranges')
        .scale(heatmap.HeatmapColorScale.Exponential)
        .exponent(0.5)
        .steps(64),
    )
    .tooltip(new heatmap.HeatmapTooltipBuilder().mode(common.TooltipDisplayMode.Single));
}

/** Colours by threshold. The first applies below all others. */
export function steps(first: string, ...others: [from: number, colour: string][]) {
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps([{ value: null, color: first }, ...others.map(([value, color]) => ({ value, color }))]);
}

/** PromQL over the dashboard's time range. */
export function promQuery(expr: string, legendFormat: string): prometheus.DataqueryBuilder {
  return new prometheus.DataqueryBuilder()
    .datasource(PROMETHEUS)
    .editorMode(prometheus.QueryEditorMode.Code)
    .expr(expr)
    .legendFormat(legendFormat)
    .range();
}

/** PromQL at the end of the time range. */
export function promInstant(expr: string, legendFormat: string): prometheus.DataqueryBuilder {
  return promQuery(expr, legendFormat).instant();
}

/** PromQL that returns native histograms. */
export function promHistograms(expr: string, legendFormat: string): prometheus.DataqueryBuilder {
  return promQuery(expr, legendFormat).format(prometheus.PromQueryFormat.Heatmap);
}

/** PromQL that returns the rows of a table. */
export function promRows(expr: string): prometheus.DataqueryBuilder {
  return promInstant(expr, '').format(prometheus.PromQueryFormat.Table);
}

/** The maximum number of spans found; Tempo does not choose them by any of their figures. */
export const MAX_SPANS = 50;

/** For the description of a table of spans. */
export const WHICH_SPANS = `It has up to ${MAX_SPANS} spans of the time range, in no order of Tempo's: a shorter range, or a variable, leaves fewer to choose from.`;

/** A table of spans; `first`: the column by which it is sorted, descending. */
export function spanRows(text: PanelText, first: 'Duration' | 'Start time'): table.PanelBuilder {
  return rows({ ...text, description: `${text.description} ${WHICH_SPANS}` })
    .datasource(TEMPO)
    .sortBy([new common.TableSortByFieldStateBuilder().displayName(first).desc(true)]);
}

/** The spans that match a TraceQL query, one row each. */
export function spanQuery(query: string): tempo.DataqueryBuilder {
  return new tempo.DataqueryBuilder()
    .datasource(TEMPO)
    .queryType('traceql')
    .tableType(tempo.SearchTableType.Spans)
    .limit(MAX_SPANS)
    .spss(1)
    .query(query);
}

/** A TraceQL metrics query: figures derived from spans, over time. */
export function spanMetrics(query: string): tempo.DataqueryBuilder {
  return new tempo.DataqueryBuilder()
    .datasource(TEMPO)
    .queryType('traceql')
    .metricsQueryType(tempo.MetricsQueryType.Range)
    .query(query);
}
