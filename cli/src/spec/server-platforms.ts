import { type Platform, platformOf, type SoakSpec } from '@oversoak/contracts';

/** Pure: the platforms of a soak's servers; none if the server is a target. */
export function serverPlatforms({ matrix }: Pick<SoakSpec, 'matrix'>): Platform[] {
  return [...new Set((matrix.notifier ?? []).map(platformOf))];
}
