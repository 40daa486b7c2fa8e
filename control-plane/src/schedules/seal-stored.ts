import type { Log } from '../model/log.ts';
import type { Schedules } from '../store/schedules.ts';
import { CannotOpen, type SealedSecrets } from '../store/sealed-secrets.ts';

/**
 * Seals the webhook secrets that lie in Redis as they are, or under an older key, with the first
 * key. Safe beside other control planes: who is second finds another revision, or nothing to do.
 */
export async function sealStored(
  schedules: Pick<Schedules, 'names' | 'get' | 'put'>,
  secrets: SealedSecrets,
  log: Log,
): Promise<void> {
  let unsealed = 0;
  for (const name of await schedules.names()) {
    const stored = await schedules.get(name);
    const webhook = stored?.schedule.webhook;
    if (stored === null || webhook === undefined) continue;
    if (!secrets.hasKey && !webhook.secret.startsWith('sealed:')) unsealed += 1;
    if (secrets.isCurrent(webhook.secret)) continue;
    try {
      const secret = secrets.open(webhook.secret, name);
      const schedule = { ...stored.schedule, webhook: { ...webhook, secret } };
      // The same revision: nothing of it changes for who reads it.
      if ((await schedules.put(stored, schedule, stored.revision, null)) === 'stored') {
        log.info({ schedule: name }, 'the secret of its webhook is sealed with the first key');
      }
    } catch (error) {
      if (!(error instanceof CannotOpen)) throw error;
      log.error({ schedule: name, err: error }, 'the secret of its webhook cannot be opened');
    }
  }
  if (unsealed > 0) {
    log.warn({ unsealed }, 'webhook secrets lie in Redis unsealed: set OVERSOAK_SEALING_KEYS');
  }
}
