import { Type } from 'typebox';

/** Entries of a list that come at a time. */
export const PAGE = { usual: 20, most: 100 } as const;

/** The query parameter of it. */
export const PageLimit = Type.Integer({ default: PAGE.usual, minimum: 1, maximum: PAGE.most });
