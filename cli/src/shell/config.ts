import { readSettings } from '@oversoak/contracts';

/** The one reader of the environment in this package. */
export interface Config {
  /** Where a command that needs the API finds it; undefined: not set. @throws SettingsError */
  url(): string | undefined;
  /** @throws SettingsError */
  token(): string | undefined;
  /** NO_COLOR (https://no-color.org) or a terminal that cannot show colour. */
  plain: boolean;
  /** How the user calls this program again. */
  command: string;
  /** What child processes inherit. */
  environment: NodeJS.ProcessEnv;
}

export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const { NO_COLOR, TERM } = readSettings('cli', environment, ['NO_COLOR', 'TERM']);
  return {
    url: () => readSettings('cli', environment, ['OVERSOAK_URL']).OVERSOAK_URL,
    token: () => readSettings('cli', environment, ['OVERSOAK_TOKEN']).OVERSOAK_TOKEN,
    plain: NO_COLOR !== undefined || TERM === 'dumb',
    // Set by npm and npx, which find the command of a checkout.
    command: environment.npm_execpath === undefined ? 'oversoak' : 'npx oversoak',
    environment,
  };
}
