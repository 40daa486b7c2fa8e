import { BOUNDS, hasHalfCharacter, Sample } from '@oversoak/contracts';
import { Compile } from 'typebox/compile';

const SAMPLE = Compile(Sample);

/** Parses a sample, which an agent wrote directly to Redis; null: not a valid sample, or too large. */
export function readSample(text: string): Sample | null {
  if (text.length > BOUNDS.sample.bytes || hasHalfCharacter(text)) return null;
  try {
    const value: unknown = JSON.parse(text);
    return SAMPLE.Check(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
