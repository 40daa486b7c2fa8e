import type { Endian } from './protocol-file.ts';

/** How a number stands in a message. */
export type NumberFormat =
  | { kind: 'binary'; bytes: number; endian: Endian }
  /** `digits` 0: as many as the number has. */
  | { kind: 'decimal'; digits: number }
  | { kind: 'hex'; digits: number };

export const NUMBER_FORMATS =
  'u8, u16le, u16be, u24le, u24be, u32le, u32be, u64le, u64be, d, d1 to d15, x1 to x13';

const BINARY = /^u(8|(?:16|24|32|64)(?:le|be))$/;
const DECIMAL = /^d([1-9]|1[0-5])?$/;
const HEX = /^x([1-9]|1[0-3])$/;
const BITS_PER_BYTE = 8;

/** null: no such format; NUMBER_FORMATS has the valid ones. */
export function parseNumberFormat(text: string): NumberFormat | null {
  const binary = BINARY.exec(text)?.[1];
  if (binary !== undefined) {
    const bytes = Number.parseInt(binary, 10) / BITS_PER_BYTE;
    return { kind: 'binary', bytes, endian: binary.endsWith('be') ? 'big' : 'little' };
  }
  const decimal = DECIMAL.exec(text);
  if (decimal !== null) return { kind: 'decimal', digits: Number(decimal[1] ?? 0) };
  const hex = HEX.exec(text)?.[1];
  return hex === undefined ? null : { kind: 'hex', digits: Number(hex) };
}

/** null: it depends on the number. */
export function bytesOfFormat(format: NumberFormat): number | null {
  if (format.kind === 'binary') return format.bytes;
  return format.digits === 0 ? null : format.digits;
}

/** The most bytes that a number takes. */
export function mostBytesOfFormat(format: NumberFormat): number {
  return bytesOfFormat(format) ?? String(Number.MAX_SAFE_INTEGER).length;
}

/** How many numbers the format distinguishes; a larger one loses its upper digits. */
export function distinctNumbers(format: NumberFormat): number {
  const most = Number.MAX_SAFE_INTEGER;
  if (format.kind === 'binary') return Math.min(most, 256 ** format.bytes);
  if (format.digits === 0) return most;
  return Math.min(most, (format.kind === 'hex' ? 16 : 10) ** format.digits);
}

/** `value`: a whole number from 0 to Number.MAX_SAFE_INTEGER. */
export function encodeNumber(value: number, format: NumberFormat): number[] {
  let rest = value % distinctNumbers(format);
  if (format.kind !== 'binary') {
    const text = rest.toString(format.kind === 'hex' ? 16 : 10).padStart(format.digits, '0');
    return [...text].map((digit) => digit.charCodeAt(0));
  }
  const bytes: number[] = [];
  for (let at = 0; at < format.bytes; at++) {
    bytes.push(rest % 256);
    rest = Math.floor(rest / 256);
  }
  return format.endian === 'little' ? bytes : bytes.reverse();
}

/** null: no number of this format, or one beyond Number.MAX_SAFE_INTEGER. */
export function decodeNumber(bytes: ArrayLike<number>, format: NumberFormat): number | null {
  if (format.kind !== 'binary') {
    const text = String.fromCharCode(...Array.from(bytes));
    if (!(format.kind === 'hex' ? /^[0-9a-f]+$/i : /^\d+$/).test(text)) return null;
    const value = Number.parseInt(text, format.kind === 'hex' ? 16 : 10);
    return Number.isSafeInteger(value) ? value : null;
  }
  const highestFirst = Array.from(bytes);
  if (format.endian === 'little') highestFirst.reverse();
  const value = highestFirst.reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.isSafeInteger(value) ? value : null;
}
