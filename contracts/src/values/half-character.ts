const ANY_SURROGATE = /\\u[dD][89a-fA-F]/;
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|[^u])/g;

const isHigh = (code: number) => code >= 0xd800 && code <= 0xdbff;
const isLow = (code: number) => code >= 0xdc00 && code <= 0xdfff;

/**
 * Whether an escape of a JSON text is one half of a surrogate pair without the other. Such a text
 * has no UTF-8: storing or sending it changes it.
 */
export function hasHalfCharacter(json: string): boolean {
  if (!ANY_SURROGATE.test(json)) return false;
  /** Where the other half must be; null: no half is expected. */
  let dueAt: number | null = null;
  for (const { 0: written, 1: hex = '0', index } of json.matchAll(ESCAPE)) {
    const code = Number.parseInt(hex, 16);
    const isOther = isLow(code) && index === dueAt;
    if (!isOther && (dueAt !== null || isLow(code))) return true;
    dueAt = isHigh(code) ? index + written.length : null;
  }
  return dueAt !== null;
}
