import type { ProbeAnswer, ProbeUnit } from '@oversoak/contracts';
import { count, decimal, NONE, withUnit } from '@oversoak/contracts';

type Evidence = ProbeAnswer['evidence'][number];

/** How figures of each unit are formatted. */
const TEXTS: Record<ProbeUnit, (value: number) => string> = {
  us: (value) => `${decimal(value)} us`,
  ms: (value) => `${decimal(value)} ms`,
  bytes: (value) => withUnit(count(value), value === 1 ? 'byte' : 'bytes'),
  count: decimalOrWhole,
  perSecond: (value) => `${decimalOrWhole(value)} /s`,
  // Without separators, so that the code can be searched for.
  code: String,
  yes: (value) => (value === 0 ? 'no' : 'yes'),
};

export function figureText({ value, unit }: Pick<Evidence, 'value' | 'unit'>): string {
  return value === null ? NONE : TEXTS[unit](value);
}

function decimalOrWhole(value: number): string {
  return Number.isInteger(value) ? count(value) : decimal(value);
}
