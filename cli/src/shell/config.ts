/** The one reader of the environment in this package. */
export interface Config {
  /** OVERSOAK_URL: where `submit`, `watch`, `compare`, `agents` and `cancel` find the API. */
  url: string | undefined;
  /** OVERSOAK_TOKEN */
  token: string | undefined;
  /** NO_COLOR (https://no-color.org) or a terminal that cannot show colour. */
  plain: boolean;
  /** What child processes inherit. */
  environment: NodeJS.ProcessEnv;
}

export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  return {
    url: notEmpty(environment.OVERSOAK_URL),
    token: notEmpty(environment.OVERSOAK_TOKEN),
    plain: notEmpty(environment.NO_COLOR) !== undefined || environment.TERM === 'dumb',
    environment,
  };
}

function notEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
