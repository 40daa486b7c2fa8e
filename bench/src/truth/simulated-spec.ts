import { NOTIFIERS, SoakSpec, validate } from '@oversoak/contracts';

/** A valid spec for simulations, with a cell per notifier. */
function simulatedSpec(): SoakSpec {
  const valid = validate(SoakSpec, {
    name: 'simulated',
    matrix: { notifier: [...NOTIFIERS], layout: ['homo'], sessions: [100] },
    workload: { ratePerSecond: 100 },
    phases: { measureSeconds: 60 },
  });
  if ('problems' in valid) throw new Error(JSON.stringify(valid.problems));
  return valid.value;
}

export const SIMULATED_SPEC = simulatedSpec();
