import { Sample } from '@oversoak/contracts';
import { Compile } from 'typebox/compile';

const SAMPLE = Compile(Sample);

/** Agents write samples straight to Redis; null for what is not one. */
export function readSample(text: string): Sample | null {
  try {
    const value: unknown = JSON.parse(text);
    return SAMPLE.Check(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
