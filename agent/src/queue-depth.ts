import type { ServerFigures } from '@oversoak/contracts';

/** Mean of the messages that were found waiting between two figures; null where nothing was. */
export function meanDepth(
  later: ServerFigures,
  earlier: ServerFigures,
  content?: string,
): number | null {
  const total = (figures: ServerFigures, of: 'sum' | 'looks') =>
    figures.contents
      .filter(({ name }) => content === undefined || name === content)
      .reduce((sum, { queueDepth }) => sum + queueDepth[of], 0);
  const looks = total(later, 'looks') - total(earlier, 'looks');
  return looks === 0 ? null : (total(later, 'sum') - total(earlier, 'sum')) / looks;
}
