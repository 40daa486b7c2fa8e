import { countSince, type ServerFigures } from '@oversoak/contracts';

/**
 * Mean number of messages waiting, over the looks at the queue between two snapshots; null when
 * there was no look.
 * @throws Error when a counter ran backwards
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
