import { printableJson } from './printable.ts';

/** What an error says in a log. */
export type LoggedError = {
  type: string;
  message: string;
  stack: string;
  code?: string;
  /** Name of the Redis command that failed; its arguments may be secrets or whole documents. */
  command?: string;
  cause?: LoggedError;
};

const HIDDEN = '[hidden]';

/** Texts that are secrets in any position, with the part that is kept. */
const SECRETS: readonly [RegExp, string][] = [
  [/\bwhsec_[A-Za-z0-9+/=_-]+/g, `whsec_${HIDDEN}`],
  [/\bosk_([A-Za-z0-9]+)_[A-Za-z0-9_-]+/g, `osk_$1_${HIDDEN}`],
  // A join token: `osj_<agent>_<secret>`.
  [/\bosj_([a-z0-9-]+)_[A-Za-z0-9_-]+/g, `osj_$1_${HIDDEN}`],
  // What an agent sends telemetry with: `ost_<agent>_<secret>`.
  [/\bost_([a-z0-9-]+)_[A-Za-z0-9_-]+/g, `ost_$1_${HIDDEN}`],
  [/\b(Bearer|Basic) [A-Za-z0-9._~+/=-]+/gi, `$1 ${HIDDEN}`],
  // The user and password of a URL, whatever its scheme: to look for one takes the square of a text.
  [/:\/\/[^\s/?#@"\\]*@/g, `://${HIDDEN}@`],
  // Redis quotes an unknown command in its error, including a password.
  [/(with args beginning with: )[^\n\\"]*/g, `$1${HIDDEN}`],
];

/** Without the secrets that are known by their form. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((left, [secret, kept]) => left.replace(secret, kept), text);
}

/** A line of a log as it may be written: no secret, no control character; JSON stays JSON. */
export function loggedLine(json: string): string {
  const newline = json.endsWith('\n') ? '\n' : '';
  return printableJson(withoutSecrets(json.slice(0, json.length - newline.length))) + newline;
}

/** A cause of a cause of a cause says nothing more. */
const MAX_CAUSES = 3;

/**
 * The serializer of all logs. It takes what is named here and nothing else: errors of ioredis carry
 * the arguments of their command, among them passwords and webhook secrets.
 */
export function loggedError(error: unknown, causes = MAX_CAUSES): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error), stack: '' };
  const { name, message, stack = '', cause } = error;
  const { code, command } = error as { code?: unknown; command?: { name?: unknown } };
  return {
    type: name,
    message: withoutSecrets(message),
    stack: withoutSecrets(stack),
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof command?.name === 'string' ? { command: command.name } : {}),
    ...(cause === undefined || causes === 0 ? {} : { cause: loggedError(cause, causes - 1) }),
  };
}
