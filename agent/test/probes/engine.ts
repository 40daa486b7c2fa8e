// The dry engine with probes that answer, and two that do not: by the names below.
import type { ProbeAnswer } from '@oversoak/contracts';
import { CRASH_EXIT_CODE } from '@oversoak/testing/dry/engine';
import { answerOf } from './answers.ts';

export {
  capabilities,
  heapHoles,
  processFigures,
  startFleet,
  startServer,
  version,
} from '@oversoak/testing/dry/engine';

export const DOES_NOT_HOLD = 'at-once-signals-event';
export const CRASHES = 'wait-takes-64-handles';
export const LASTS = 'five-thousand-receives';
const LASTS_MS = 1_000;

export async function runProbe(name: string): Promise<ProbeAnswer> {
  if (name === CRASHES) {
    console.error('fatal: a probe that crashes');
    process.exit(CRASH_EXIT_CODE);
  }
  if (name === LASTS) await new Promise((resolve) => setTimeout(resolve, LASTS_MS));
  return name === DOES_NOT_HOLD
    ? answerOf(name, 'does-not-hold', 'expected: the event is signalled')
    : answerOf(name);
}
