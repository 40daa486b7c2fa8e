import type { Endpoint } from '@oversoak/contracts';

export function endpointText({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}
