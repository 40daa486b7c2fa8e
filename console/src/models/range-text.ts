/** Pure: `0 to 12`, a single value, or a text for no value. */
export function rangeText(
  values: readonly (number | null)[],
  text: (value: number) => string,
): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return 'no figure';
  const [least, most] = known.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const [low, high] = [text(least), text(most)];
  return low === high ? low : `${low} to ${high}`;
}
