import { count, INTERVAL_PERCENT, type Ranking } from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';

/** The best cells by each metric, one clause per line; empty for a single cell. */
export function rankingLines(rankings: readonly Ranking[], colors: Colors): string[] {
  if (rankings.length === 0) return [];
  const several = new Set(rankings.map(({ sessions }) => sessions)).size > 1;
  const lines = rankings.flatMap(({ sessions, words }) => {
    const [first = '', ...others] = words.split('; ');
    const of = several ? `${count(sessions)} sessions: ` : '';
    return [`  ${of}${first}`, ...others.map((clause) => `    ${clause}`)];
  });
  return [`${colors.bold('Ranking')} (${INTERVAL_PERCENT} % intervals over the repeats)`, ...lines];
}
