import type { Run } from '@oversoak/contracts';
import { byWeight } from '../judge/verdict.ts';

/**
 * The reasons of a cell's runs: those of the worst verdict come first, because they decided that of
 * the cell. Where there are several repeats, each reason says of which it is.
 */
export function cellReasons(runs: readonly Pick<Run, 'repeat' | 'judgement'>[]): string[] {
  const judged = runs
    .flatMap(({ repeat, judgement }) => (judgement === null ? [] : [{ repeat, ...judgement }]))
    .sort((a, b) => byWeight(a.verdict, b.verdict));
  const repeatsOf = new Map<string, number[]>();
  for (const { repeat, reasons } of judged) {
    for (const reason of reasons) {
      const repeats = repeatsOf.get(reason) ?? [];
      if (!repeats.includes(repeat)) repeatsOf.set(reason, [...repeats, repeat]);
    }
  }
  if (runs.length < 2) return [...repeatsOf.keys()];
  return [...repeatsOf].map(([reason, repeats]) => `${repeatText(repeats)}: ${reason}`);
}

function repeatText(repeats: readonly number[]): string {
  const inOrder = repeats.toSorted((a, b) => a - b);
  return `${inOrder.length === 1 ? 'repeat' : 'repeats'} ${inOrder.join(', ')}`;
}
