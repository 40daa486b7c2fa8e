// The server's memory in the leak cell of `npm run bench -- night --minutes 40`, under Wine 8.0, on a
// machine that takes pages back from idle processes: 2 MiB/h leaked, a start that ends after 40 s, a
// walk of a few KiB, and two windows with a spike.

/** Seconds of each window. */
export const NIGHT_WINDOW_SECONDS = 10;

/** KiB at the end of the first window, and what each later one added. */
const GROWTH_KIB = [
  3078, 263, 216, 157, 12, 6, 21, -2, 4, 2, 6, 4, 7, 6, 6, 7, 9, 4, 11, 9, 6, 5, 4, 7, 5, 3, 6, 6,
  7, 6, 2, 9, 5, 7, 5, 5, 5, 6, 8, 6, 5, 11, 6, 11, 3, 4, 11, 7, 5, 3, 5, 10, 4, 6, 6, 8, 9, 8, 11,
  13, 4, 5, 4, 5, 5, 8, 5, 9, -1, 6, 13, 6, 6, 4, 3, 4, 8, 5, 4, 7, 5, 6, 6, 7, 5, 4, 8, 5, 1, 7, 6,
  6, 5, 18, 9, 13, 7, 10, 4, 9, 5, 5, 4, 4, 9, 7, 5, 5, 7, 4, 5, 5, 7, 8, 5, 5, 7, 6, 6, 6, 5, 5, 7,
  7, 4, 5, 6, 6, 7, 5, 5, 5, 5, 4, 5, 6, 8, 14, 4, 6, 5, 5, 7, 7, 5, 7, 5, 2, 7, 14, 6, 11, 13, 6,
  6, 5, 6, 3, 7, 6, 5, 7, 6, 170, -182, 3, 8, 3, 12, 9, 4, 6, 5, 5, 6, 5, 5, 6, 6, 6, 6, 6, 8, 10,
  4, 4, 7, 4, 7, 7, 6, 5, 5, 8, 6, 3, 6, 8, 5, 6, 7, 5, 7, 5, 4, 7, 6, 6, 4, 11, 10, 14, 1161,
  -1148, 7, 7, 5, 4, 8, 5, 6, 9, 5, 6, 6, 5, 7, 4, 6, 8, 3, 7, 7, 8, 3, 5, 7, 4, 7, 6,
];

/** Bytes at the end of each window. */
export const NIGHT_LEAK_BYTES = GROWTH_KIB.map(
  (_, index) => 1024 * GROWTH_KIB.slice(0, index + 1).reduce((sum, each) => sum + each, 0),
);
