/** What a server's host does to keep its process still, and hosts that leave a part of it out. */
export const VARIANTS = {
  'as it is': [],
  'garbage is not collected': ['without-collection'],
  'JavaScript is compiled': ['with-compilers'],
  neither: ['without-collection', 'with-compilers'],
} as const;
export type Variant = keyof typeof VARIANTS;

/** What a host told, second by second. */
export interface Told {
  variant: Variant;
  /** Of the whole process. */
  resident: Point[];
  /** What the server added. */
  own: Point[];
}

export interface Point {
  sinceStartSeconds: number;
  bytes: number;
}
