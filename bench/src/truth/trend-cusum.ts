import { mean, sampleStandardDeviation } from 'simple-statistics';

const BASE_NIGHTS = 20;
const MIN_NIGHTS = 8;
const SLACK = 0.5;
const LIMIT = 7;

/** The remaining evidence on each side after each night, in standard deviations from the base. */
function crossed(deviations: readonly (number | null)[]): boolean[] {
  let [up, down] = [0, 0];
  return deviations.map((at) => {
    if (at === null) return false;
    up = Math.max(0, up + at - SLACK);
    down = Math.max(0, down - at - SLACK);
    return Math.max(up, down) > LIMIT;
  });
}

/** Per night: whether a CUSUM against the first nights as a frozen base exceeds its limit. */
export function cusum(values: readonly number[]): boolean[] {
  const base = values.slice(0, BASE_NIGHTS);
  const middle = mean(base);
  const deviation = sampleStandardDeviation(base);
  return crossed(
    values.map((value, index) => (index < BASE_NIGHTS ? null : (value - middle) / deviation)),
  );
}

/**
 * Per night: the self-starting CUSUM, which compares each night with all previous ones and includes
 * the uncertainty of their mean.
 */
export function selfStartingCusum(values: readonly number[]): boolean[] {
  return crossed(
    values.map((value, index) => {
      if (index < MIN_NIGHTS) return null;
      const before = values.slice(0, index);
      return (value - mean(before)) / (sampleStandardDeviation(before) * Math.sqrt(1 + 1 / index));
    }),
  );
}
