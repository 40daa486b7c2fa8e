import { countSince, type ServerFigures } from '@oversoak/contracts';

/**
 * Mean of the messages that were found waiting between two figures; null where nothing was. Throws
 * Error where a counter ran backwards.
 */
export function meanDepth(
  later: ServerFigures,
  earlier: ServerFigures,
  content?: string,
): number | null {
  const total = (figures: ServerFigures, of: 'sum' | 'looks') =>
    figures.contents
      .filter(({ name }) => content === undefined || name === content)
      .reduce((sum, { queueDepth }) => sum + queueDepth[of], 0);
  const since = (of: 'sum' | 'looks') =>
    countSince(`queueDepth.${of}`, total(later, of), total(earlier, of));
  const looks = since('looks');
  return looks === 0 ? null : since('sum') / looks;
}
