import type { Ranking } from '@oversoak/contracts';
import { INTERVAL_PERCENT } from '@oversoak/contracts/results/difference';
import {
  metricRangeText,
  metricText,
  metricTitle,
} from '@oversoak/contracts/results/difference-text';
import { count } from '@oversoak/contracts/results/figure-text';
import { IntervalLine } from '../charts/interval.tsx';
import { rankedIntervals } from '../models/intervals.ts';
import { Folded, Section } from '../parts/section.tsx';

export function RankingSection({ rankings }: { rankings: readonly Ranking[] }) {
  if (rankings.length === 0) return null;
  const several = new Set(rankings.map(({ sessions }) => sessions)).size > 1;
  return (
    <Section
      title="Ranking"
      note={`Geometric means over the repeats, which the cells' figures pool, with ${INTERVAL_PERCENT} % intervals.`}
    >
      {rankings.map((ranking) => (
        <RankingBlock
          key={`${ranking.metric} ${ranking.sessions}`}
          ranking={ranking}
          showsSessions={several}
          folded={rankings.reduce((sum, { cells }) => sum + cells.length, 0) / 2}
        />
      ))}
    </Section>
  );
}

interface RankingBlockProps {
  ranking: Ranking;
  showsSessions: boolean;
  /** Lines of all rankings by one metric. */
  folded: number;
}

function RankingBlock({ ranking, showsSessions, folded }: RankingBlockProps) {
  const { metric, sessions, words, cells } = ranking;
  const intervals = rankedIntervals(ranking);
  const title = metricTitle(metric);
  return (
    <article class="ranking">
      <h3>{showsSessions ? `${title}, ${count(sessions)} sessions` : title}</h3>
      <p>{words}</p>
      <Folded count={folded} summary={`${cells.length} cells, best first`}>
        <ol class="intervals">
          {cells.map(({ key, value, low, high }, index) => {
            const interval = intervals[index];
            const range =
              low === null || high === null
                ? 'one repeat: no interval'
                : metricRangeText(metric, low, high);
            return (
              <li key={key}>
                <span class="name">{key}</span>
                {interval !== undefined && (
                  <IntervalLine {...interval} label={`${key}: ${metricText(metric, value)}`} />
                )}
                <span class="figure">
                  {metricText(metric, value)} <small>({range})</small>
                </span>
              </li>
            );
          })}
        </ol>
      </Folded>
    </article>
  );
}
