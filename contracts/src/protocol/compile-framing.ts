import type { Problem } from '../values/validation.ts';
import type { NumberFormat } from './number-format.ts';
import type { ProgramFraming } from './program.ts';
import type { Framing, FramingKind } from './protocol-file.ts';
import { readBytes } from './template.ts';

export type CompiledFraming = { framing: ProgramFraming } | { problems: Problem[] };

type Field = Exclude<keyof Framing, 'by'>;

/** The fields that each kind has: those it needs, and those it may have. */
const FIELDS: Record<FramingKind, { needed: Field[]; optional: Field[] }> = {
  length: { needed: ['bytes'], optional: ['offset', 'endian', 'counts', 'headerBytes'] },
  varint: { needed: [], optional: ['offset'] },
  delimiter: { needed: ['delimiter'], optional: [] },
  template: { needed: [], optional: [] },
};

/** Pointers are relative to the framing. */
export function compileFraming(given: Framing): CompiledFraming {
  const problems = fieldProblems(given);
  if (problems.length > 0) return { problems };
  switch (given.by) {
    case 'length':
      return lengthFraming(given);
    case 'varint':
      return { framing: { by: 'varint', offset: given.offset ?? 0 } };
    case 'delimiter': {
      const read = readBytes(given.delimiter ?? '');
      if ('bytes' in read) return { framing: { by: 'delimiter', delimiter: read.bytes } };
      const detail = `at character ${read.problem.at + 1}: ${read.problem.detail}`;
      return { problems: [{ pointer: '/delimiter', detail }] };
    }
    case 'template':
      return { framing: { by: 'template' } };
  }
}

function fieldProblems(given: Framing): Problem[] {
  const { needed, optional } = FIELDS[given.by];
  const missing = needed.filter((name) => given[name] === undefined);
  const valid: string[] = [...needed, ...optional];
  const stray = Object.keys(given).filter((name) => name !== 'by' && !valid.includes(name));
  const there = valid.length === 0 ? 'takes no other field' : `valid: ${valid.join(', ')}`;
  return [
    ...missing.map((name) => ({ pointer: `/${name}`, detail: `is required with by: ${given.by}` })),
    ...stray.map((name) => ({ pointer: `/${name}`, detail: `not with by: ${given.by}; ${there}` })),
  ];
}

function lengthFraming(given: Framing): CompiledFraming {
  const { offset = 0, bytes = 0, endian, counts = 'after', headerBytes } = given;
  const refuse = (pointer: string, detail: string) => ({ problems: [{ pointer, detail }] });
  if (bytes > 1 && endian === undefined) {
    return refuse('/endian', `is required for a length of ${bytes} bytes; valid: little, big`);
  }
  if (counts === 'body' && headerBytes === undefined) {
    return refuse('/headerBytes', 'is required with counts: body');
  }
  if (counts !== 'body' && headerBytes !== undefined) {
    return refuse('/headerBytes', `only with counts: body; it is "${counts}"`);
  }
  const fieldEnd = offset + bytes;
  if (headerBytes !== undefined && headerBytes < fieldEnd) {
    return refuse('/headerBytes', `must be >= ${fieldEnd}, where the length field ends`);
  }
  const added = { after: fieldEnd, message: 0, 'from-length': offset, body: headerBytes ?? 0 };
  const format: NumberFormat = { kind: 'binary', bytes, endian: endian ?? 'little' };
  return { framing: { by: 'length', offset, format, bytes, addedBytes: added[counts] } };
}
