import { type Capabilities, findProbe, type ProbeAnswer } from '@oversoak/contracts';

/**
 * Removes notifiers that depend on a claim that does not hold on this machine. An inconclusive
 * answer removes nothing.
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
