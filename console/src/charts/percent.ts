/** Pure: a length or a place in percent, as an attribute; finer than this is not to be seen. */
export const percent = (value: number): string => `${Number(value.toFixed(2))}%`;
