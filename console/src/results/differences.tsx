import type { CellDifference, MetricDifference } from '@oversoak/contracts';
import { INTERVAL_PERCENT } from '@oversoak/contracts/results/difference';
import {
  cellsText,
  differenceText,
  metricText,
  metricTitle,
  ratioText,
  VALUES_NOTE,
} from '@oversoak/contracts/results/difference-text';
import { IntervalLine } from '../charts/interval.tsx';
import { ONE, type RatioAxis, ratioAxis } from '../models/intervals.ts';
import { Wide } from '../parts/section.tsx';

const UNSURE = { none: 'same', unknown: 'unknown', lower: 'lower', higher: 'higher' } as const;

/** Pairs of cells: ratios of right over left with their intervals on one axis. */
export function Differences({ cells }: { cells: readonly CellDifference[] }) {
  const axis = ratioAxis(cells.flatMap(({ metrics }) => metrics));
  return (
    <>
      <p class="note">{VALUES_NOTE}</p>
      {cells.map((pair) => (
        <PairOfCells key={cellsText(pair)} pair={pair} axis={axis} />
      ))}
    </>
  );
}

function PairOfCells({ pair, axis }: { pair: CellDifference; axis: RatioAxis }) {
  const { metrics } = pair;
  const title = cellsText(pair);
  return (
    <article class="pair">
      <h3>{title}</h3>
      <Wide label={`Differences of ${title}`}>
        <table class="ratios">
          <caption class="unseen">Differences of {title}</caption>
          <thead>
            <tr>
              <th scope="col">metric</th>
              <th scope="col" class="figure">
                left
              </th>
              <th scope="col" class="figure">
                right
              </th>
              <th scope="col" class="figure">
                ratio [{INTERVAL_PERCENT} %]
              </th>
              <th scope="col" class="axis">
                <svg width="100%" height="16" aria-hidden="true">
                  {axis.ticks.map(({ at, text }) => (
                    <text key={text} x={`${at}%`} y="12" text-anchor="middle">
                      {text}
                    </text>
                  ))}
                </svg>
                <span class="unseen">ratio on an axis</span>
              </th>
              <th scope="col">in words</th>
            </tr>
          </thead>
          <tbody>
            {metrics.map((metric) => (
              <MetricRow key={metric.metric} metric={metric} axis={axis} />
            ))}
          </tbody>
        </table>
      </Wide>
    </article>
  );
}

function MetricRow({ metric, axis }: { metric: MetricDifference; axis: RatioAxis }) {
  const line = axis.lineOf(metric);
  const name = metricTitle(metric.metric);
  return (
    <tr class={UNSURE[metric.difference]}>
      <th scope="row">{name}</th>
      <td class="figure">{metricText(metric.metric, metric.left)}</td>
      <td class="figure">{metricText(metric.metric, metric.right)}</td>
      <td class="figure">{ratioText(metric)}</td>
      <td class="axis">
        {line !== null && (
          <IntervalLine {...line} reference={ONE} label={`${name}: ratio ${ratioText(metric)}`} />
        )}
      </td>
      <td>{differenceText(metric)}</td>
    </tr>
  );
}
