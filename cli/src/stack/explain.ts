/** How an unsuccessful `docker compose` call ended. */
export type Failure =
  /** The program did not start: the error code, e.g. ENOENT. */
  | { startError: string; output: '' }
  /** `exitCode` is null when a signal ended it. */
  | { exitCode: number | null; output: string };

const LAST_LINES = 15;
const INSTALL = 'install Docker with its Compose plugin, 2.20 or newer (https://docs.docker.com)';

interface Known {
  pattern: RegExp;
  text: (match: RegExpMatchArray) => string;
}

/** Docker's error messages and their remedies. The first match is used. */
const KNOWN: readonly Known[] = [
  {
    // Without the plugin, docker parses the options itself: "unknown flag: --ansi".
    pattern:
      /unknown command: docker compose|'compose' is not a docker command|unknown (?:shorthand )?flag: .*/,
    text: ([output]) => `this docker has no Compose plugin, or an old one (${output}): ${INSTALL}`,
  },
  {
    pattern: /permission denied while trying to connect to the .*|dial unix .*permission denied/,
    text: () =>
      'no permission for the Docker daemon: use an account that has it (on Linux: the group docker)',
  },
  {
    pattern: /Cannot connect to the Docker daemon.*|error during connect: .*|daemon is not running/,
    text: ([output]) => `the Docker daemon does not answer: start it (${output})`,
  },
  {
    pattern: /(?:required variable|variable) (\w+) is missing a value/,
    text: ([, name]) => `${name} is not set: run "oversoak up", or see .env.example`,
  },
  {
    // "Bind for 127.0.0.1:3000 failed: port is already allocated", "listen tcp4 127.0.0.1:3000:
    // ..."
    pattern:
      /(\d{1,3}(?:\.\d{1,3}){3}:\d+).{0,80}(?:port is already allocated|address already in use|access permissions)/,
    text: ([, address]) =>
      `${address} is in use by another program: stop it, or set OVERSOAK_API_PORT or ` +
      'OVERSOAK_GRAFANA_PORT in .env',
  },
  {
    pattern: /cannot assign requested address/,
    text: () =>
      'an address to publish on does not belong to this machine: see OVERSOAK_BIND and OVERSOAK_LAN_ADDRESS',
  },
  {
    pattern: /bind source path does not exist: (\S+)/,
    text: ([, path]) => `${path} is missing: is this a complete checkout?`,
  },
  {
    pattern: /no such service: (\S+)/,
    text: ([, name]) => `there is no service "${name}"`,
  },
  {
    pattern: /no space left on device/,
    text: () => "no space is left in Docker's data folder",
  },
];

export function explain(failure: Failure): string {
  if ('startError' in failure) {
    if (failure.startError === 'ENOENT') return `docker is missing: ${INSTALL}`;
    return `docker could not be started (${failure.startError})`;
  }
  const { exitCode, output } = failure;
  for (const { pattern, text } of KNOWN) {
    const match = output.match(pattern);
    if (match !== null) return text(match);
  }
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const end = exitCode === null ? 'was ended by a signal' : `ended with exit code ${exitCode}`;
  if (lines.length === 0) return `docker compose ${end}`;
  const last = lines.slice(-LAST_LINES).map((line) => `    ${line}`);
  return [`docker compose ${end}; its last lines:`, ...last].join('\n');
}
