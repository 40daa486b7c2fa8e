/** Hosts of a server, and what is loaded into them before all else. */
export const VARIANTS = {
  'as it is': [],
  'garbage is not collected': ['without-collection'],
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
