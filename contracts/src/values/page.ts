import { Type } from 'typebox';

/** Page sizes of lists. */
export const PAGE = { usual: 20, most: 100 } as const;

/** The query parameter for the page size. */
export const PageLimit = Type.Integer({ default: PAGE.usual, minimum: 1, maximum: PAGE.most });
