/** Variants of a server's host process, with the module that each preloads. */
export const VARIANTS = {
  'as it is': [],
  'garbage is not collected': ['without-collection'],
} as const;
export type Variant = keyof typeof VARIANTS;

/** Memory reported by a host, second by second. */
export interface HostSeries {
  variant: Variant;
  /** Resident memory of the whole process. */
  resident: Point[];
  /** Memory that the server added. */
  own: Point[];
}

export interface Point {
  sinceStartSeconds: number;
  bytes: number;
}
