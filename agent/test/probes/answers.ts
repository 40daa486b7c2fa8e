import { findProbe, type ProbeAnswer, type ProbeOutcome, probeAnswer } from '@oversoak/contracts';

/** What an engine answers of a probe, without figures. */
export function answerOf(name: string, outcome: ProbeOutcome = 'holds', note = ''): ProbeAnswer {
  const probe = findProbe(name);
  if (probe === undefined) throw new Error(`no probe "${name}"`);
  return probeAnswer(probe, { outcome, note, elapsedMs: 1, figures: [] });
}
