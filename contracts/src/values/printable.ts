/**
 * What may drive a terminal or hide what stands there: the control characters of C0 (but tab and
 * newline) and C1, line separators, and the marks that turn the direction of text.
 */
const CONTROLS = [
  ...['\\u0000-\\u0008', '\\u000b-\\u001f', '\\u007f-\\u009f'],
  ...['\\u061c', '\\u200e\\u200f', '\\u2028-\\u202e', '\\u2066-\\u2069'],
].join('');
const ANY_CONTROL = new RegExp(`[${CONTROLS}]`, 'g');
/** ESC [ ... m, which sets a colour, or any other control. */
const COLOUR_OR_CONTROL = new RegExp(`(\\u001b\\[[0-9;]*m)|[${CONTROLS}]`, 'g');

/** A text from outside without control characters: a replacement character stands for each. */
export function printable(text: string): string {
  return text.replace(ANY_CONTROL, '\ufffd');
}

/** As `printable`, for our own output, which has colours. */
export function printableWithColours(text: string): string {
  return text.replace(COLOUR_OR_CONTROL, (_, colour: string | undefined) => colour ?? '\ufffd');
}

/** JSON with the controls that JSON allows in a text escaped as well; the same value. */
export function printableJson(json: string): string {
  return json.replace(ANY_CONTROL, (control) => {
    return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** The beginning of a text, which does not end within a surrogate pair. */
export function beginningOf(text: string, most: number): string {
  if (text.length <= most) return text;
  const isHalf = /[\ud800-\udbff]$/.test(text.slice(0, most));
  return text.slice(0, isHalf ? most - 1 : most);
}
