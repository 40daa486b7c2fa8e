import { requireEncryptedApi, whyNoToken } from '@oversoak/contracts';
import type { Command } from 'commander';
import { type ApiAddress, ApiClient } from '../api/client.ts';
import type { Config } from '../shell/config.ts';
import { CannotRun } from '../shell/failure.ts';

export interface ApiOptions {
  url?: string;
  token?: string;
}

export function withApiOptions(command: Command): Command {
  return command
    .option('--url <url>', 'address of the API; default: OVERSOAK_URL')
    .option('--token <token>', 'bearer token of the API; default: OVERSOAK_TOKEN');
}

/**
 * Options take precedence over the environment.
 * @throws CannotRun, SettingsError
 */
export function apiAddress(options: ApiOptions, config: Config): ApiAddress {
  const url = options.url ?? config.url();
  const token = options.token ?? config.token();
  const missing = [
    ...(url === undefined ? ['its address (--url or OVERSOAK_URL)'] : []),
    ...(token === undefined ? ['its token (--token or OVERSOAK_TOKEN)'] : []),
  ];
  if (url === undefined || token === undefined) {
    throw new CannotRun(
      `this command needs a running API: ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing; ` +
        '"oversoak start" starts one and prints both',
    );
  }
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new CannotRun(`"${url}" is not an http or https address`);
  }
  const why = whyNoToken(token);
  if (why !== null) throw new CannotRun(`this is no token (--token or OVERSOAK_TOKEN): ${why}`);
  requireEncryptedApi(url, config.plaintext());
  return { url, token };
}

export function openClient(options: ApiOptions, config: Config): ApiClient {
  return new ApiClient(apiAddress(options, config));
}
