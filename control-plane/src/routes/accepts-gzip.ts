/**
 * Pure: whether gzip is among the accepted encodings with a weight above 0. It splits, because a
 * regular expression over the whole header takes time that grows with the square of its length.
 */
export function acceptsGzip(header = ''): boolean {
  return header.split(',').some((entry) => {
    const [coding, ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    if (coding !== 'gzip') return false;
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return weight === undefined || Number(weight.slice('q='.length)) > 0;
  });
}
