import type { Difference } from '@oversoak/contracts/protocol/match-message';
import { decodeNumber } from '@oversoak/contracts/protocol/number-format';
import type { Placed } from '@oversoak/contracts/protocol/write-message';
import { amount } from '@oversoak/contracts/values/amount';
import type { TryEvent } from '../protocol/try-session.ts';
import type { Colors } from '../shell/terminal.ts';

const BYTES_PER_LINE = 16;
/** Of a message that is shown; the rest is counted. */
const SHOWN_BYTES = 256;
const INDENT = '    ';

/** A message that was sent or came, with what it means. */
export function eventText(event: TryEvent, colors: Colors): string {
  switch (event.kind) {
    case 'send':
      return messageText(colors.cyan(`→ ${event.label}`), event.bytes, event.placed);
    case 'answer': {
      const took = ((event.afterUs - event.dueUs) / 1000).toFixed(1);
      const part = event.isLast ? 'answer' : 'part of the answer';
      return messageText(
        event.isLate
          ? colors.yellow(`← ${part} of ${event.label}, after ${took} ms, out of order`)
          : colors.green(`← ${part} of ${event.label}, after ${took} ms`),
        event.bytes,
        event.placed,
      );
    }
    case 'ignored':
      return messageText(colors.dim('← ignored'), event.bytes, event.placed);
    case 'error': {
      const of = event.label === null ? '' : ` as the answer of ${event.label}`;
      return messageText(colors.yellow(`← an error${of}`), event.bytes, event.placed);
    }
    case 'unexpected':
      return [
        messageText(colors.red(`← unexpected: ${event.detail}`), event.bytes, []),
        ...(event.difference === null ? [] : differenceLines(event.difference)),
      ].join('\n');
  }
}

export function messageText(head: string, bytes: Uint8Array, placed: readonly Placed[]): string {
  const fields = placed.flatMap((each) => fieldLine(each, bytes) ?? []);
  return [`${head}: ${amount(bytes.length, 'byte')}`, ...dump(bytes), ...fields].join('\n');
}

/** Offset, bytes and text of each line. */
export function dump(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  const shown = Math.min(bytes.length, SHOWN_BYTES);
  for (let at = 0; at < shown; at += BYTES_PER_LINE) {
    const line = bytes.subarray(at, Math.min(at + BYTES_PER_LINE, shown));
    const hex = hexText(line).padEnd(3 * BYTES_PER_LINE - 1);
    lines.push(`${INDENT}${String(at).padStart(4, '0')}  ${hex}  ${characters(line)}`);
  }
  if (bytes.length > shown) lines.push(`${INDENT}and ${amount(bytes.length - shown, 'byte')} more`);
  return lines;
}

export function hexText(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

function characters(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.',
  ).join('');
}

/** null: what stands in the template as it is says nothing new. */
function fieldLine({ item, from, to }: Placed, bytes: Uint8Array): string | null {
  if (item.op === 'bytes' || from === to) return null;
  const place = to - from === 1 ? `byte ${from}` : `bytes ${from} to ${to - 1}`;
  const value = valueText({ item, from, to }, bytes.subarray(from, to));
  return `${INDENT}${place.padEnd(14)}  ${item.text}${value === '' ? '' : ` = ${value}`}`;
}

function valueText({ item, from, to }: Placed, bytes: Uint8Array): string {
  switch (item.op) {
    case 'number':
    case 'size':
      return String(decodeNumber(bytes, item.format) ?? 'no number');
    case 'checksum':
      return hexText(bytes);
    case 'length':
      return `${hexText(bytes)}`;
    case 'digits':
      return characters(bytes);
    case 'any':
    case 'rest':
    case 'until':
    case 'not':
      return to - from <= BYTES_PER_LINE ? hexText(bytes) : `${to - from} bytes`;
    default:
      return '';
  }
}

function differenceLines({ offset, item, what, expected, got }: Difference): string[] {
  const place = item === null ? '' : ` (${item.text}, character ${item.at + 1} of the template)`;
  return [
    `${INDENT}at byte ${offset}${place}: ${what}`,
    ...(expected.length === 0 ? [] : [`${INDENT}expected  ${hexText(expected)}`]),
    ...(got.length === 0 ? [] : [`${INDENT}got       ${hexText(got)}`]),
  ];
}
