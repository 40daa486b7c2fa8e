import { Sample } from '@oversoak/contracts';
import { Compile } from 'typebox/compile';

const SAMPLE = Compile(Sample);

/** Parses a sample, which an agent wrote directly to Redis; null: not a valid sample. */
export function readSample(text: string): Sample | null {
  try {
    const value: unknown = JSON.parse(text);
    return SAMPLE.Check(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
