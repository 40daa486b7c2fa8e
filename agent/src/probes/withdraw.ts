import { type Capabilities, findProbe, type ProbeAnswer } from '@oversoak/contracts';

/**
 * Without the notifiers of which a claim does not hold here: what rests on it cannot be trusted. An
 * answer that says neither withdraws nothing.
 */
export function withdraw(
  capabilities: Capabilities,
  answers: readonly ProbeAnswer[],
): Capabilities {
  const failed = answers.filter(({ outcome }) => outcome === 'does-not-hold');
  const notifiers = capabilities.notifiers.map((notifier) => {
    const reasons = failed
      .filter(({ name }) => findProbe(name)?.notifiers.includes(notifier.name))
      .map(({ name, note }) => `probe ${name} does not hold: ${note}`);
    if (!notifier.works || reasons.length === 0) return notifier;
    return { ...notifier, works: false, reason: reasons.join('; ') };
  });
  return { ...capabilities, notifiers };
}
