import { readSettings } from '@oversoak/contracts';

/** The one reader of the environment in this package. */
export interface Config {
  /** Where a command that needs the API finds it; undefined: not set. @throws SettingsError */
  url(): string | undefined;
  /** @throws SettingsError */
  token(): string | undefined;
  /** What may be sent unencrypted to other machines. @throws SettingsError */
  plaintext(): readonly string[];
  /** NO_COLOR (https://no-color.org) or a terminal that cannot show colour. */
  plain: boolean;
  /** How the user calls this program again. */
  command: string;
  /** A job on GitHub Actions, and the file of its step's summary; null: somewhere else. */
  github: { summary: string | undefined } | null;
  /** What child processes inherit. */
  environment: NodeJS.ProcessEnv;
}

export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const { NO_COLOR, TERM, GITHUB_ACTIONS, GITHUB_STEP_SUMMARY } = readSettings('cli', environment, [
    'NO_COLOR',
    'TERM',
    'GITHUB_ACTIONS',
    'GITHUB_STEP_SUMMARY',
  ]);
  return {
    url: () => readSettings('cli', environment, ['OVERSOAK_URL']).OVERSOAK_URL,
    token: () => readSettings('cli', environment, ['OVERSOAK_TOKEN']).OVERSOAK_TOKEN,
    plain: NO_COLOR !== undefined || TERM === 'dumb',
    plaintext: () =>
      readSettings('cli', environment, ['OVERSOAK_ALLOW_PLAINTEXT']).OVERSOAK_ALLOW_PLAINTEXT,
    // Set by npm and npx, which find the command of a checkout.
    command: environment.npm_execpath === undefined ? 'oversoak' : 'npx oversoak',
    github: GITHUB_ACTIONS === 'true' ? { summary: GITHUB_STEP_SUMMARY } : null,
    environment,
  };
}
