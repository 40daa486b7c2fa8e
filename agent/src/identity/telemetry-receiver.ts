import { type AgentIdentity, requireEncryptedApi } from '@oversoak/contracts';
import type { GivenReceiver } from '@oversoak/telemetry';

/**
 * Pure: where an agent that joined sends its telemetry, unless OpenTelemetry's variables say so. `ca`:
 * of the cluster, as for Redis.
 * @throws SettingsError where its token would be sent unencrypted off this machine
 */
export function telemetryReceiver(
  { telemetry }: Pick<AgentIdentity, 'telemetry'>,
  ca: string | undefined,
  plaintext: readonly string[],
): GivenReceiver | undefined {
  if (telemetry === undefined) return undefined;
  requireEncryptedApi(telemetry.url, plaintext);
  return { ...telemetry, ca };
}
