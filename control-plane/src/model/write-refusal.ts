/** Errors with which a reachable Redis refuses to write, and their meaning. */
const REASONS = {
  READONLY: 'it is a read-only replica',
  UNBLOCKED: 'it has become a replica',
  OOM: 'it has used up its maxmemory',
  MISCONF: 'it cannot save its data to disk',
  NOPERM: 'its user may not run the commands of oversoak (ACL)',
  NOREPLICAS: 'too few of its replicas are connected',
  MASTERDOWN: 'its primary cannot be reached',
} as const;

/** What a script answers for NOPERM, without the code: Redis 7, Redis 8. */
const SCRIPT_NOPERM = /The user executing the script can't |^ERR ACL failure in script: /;
const CODE = new RegExp(`(?:^|[\\s:-])(${Object.keys(REASONS).join('|')})\\s`);

/** Why Redis refused a write, for a person; null: the error is another one. */
export function writeRefusal(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { previousErrors = [] } = error as { previousErrors?: Error[] };
  // A script's error has the code behind the place of the call; a transaction's stands beside it.
  for (const { message } of [error, ...previousErrors]) {
    const code = SCRIPT_NOPERM.test(message)
      ? 'NOPERM'
      : (CODE.exec(`${message} `)?.[1] as keyof typeof REASONS | undefined);
    if (code !== undefined) return `Redis refuses writes: ${REASONS[code]} (${code})`;
  }
  return null;
}
