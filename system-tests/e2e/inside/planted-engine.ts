// The addon, with a probe whose claim is made false here and one that never ends. All else is the
// real thing.
import { type ProbePlant, runProbe as runSound } from '@oversoak/native-server';

export {
  capabilities,
  heapHoles,
  processFigures,
  startFleet,
  startServer,
  version,
} from '@oversoak/native-server';

/** By name of the probe. */
export const PLANTS: Readonly<Record<string, ProbePlant>> = {
  'at-once-signals-event': 'opposite',
  'async-select-reports-arrival': 'hang',
};

export const runProbe = (name: string) => runSound(name, { plant: PLANTS[name] ?? 'nothing' });
