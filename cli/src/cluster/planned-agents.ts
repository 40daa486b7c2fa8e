import { PLATFORMS, type Platform } from '@oversoak/contracts';

/** Platforms of the servers that a cluster is for. */
export type ServerPlatforms = readonly Platform[];

export const ALL_SERVERS: ServerPlatforms = PLATFORMS;

export interface PlannedAgent {
  id: string;
  platform: Platform;
}

const IDS = ['agent-a', 'agent-b', 'agent-c'];

/**
 * Pure: the agents of a cluster on this system, with a slot each. On Linux a server of Windows has
 * an agent under Wine, and every fleet a native one, because a fleet under Wine costs the machine ten
 * times as much, and so the server's latency. On Windows there is Windows alone.
 */
export function plannedAgents(system: NodeJS.Platform, servers: ServerPlatforms): PlannedAgent[] {
  const platforms: Platform[] =
    system === 'win32'
      ? ['windows', 'windows']
      : [
          ...(servers.includes('windows') ? (['windows'] as const) : []),
          'linux',
          // A server of Linux beside the fleet; without one, a target may have two fleets.
          ...(servers.includes('linux') || servers.length === 0 ? (['linux'] as const) : []),
        ];
  return platforms.map((platform, index) => ({ id: IDS[index] ?? '', platform }));
}

/** Whether this system needs Wine for the servers. */
export function needsWine(system: NodeJS.Platform, servers: ServerPlatforms): boolean {
  return system !== 'win32' && servers.includes('windows');
}

/** `agents (one under Wine, two on Linux)` */
export function agentsText(system: NodeJS.Platform, agents: readonly PlannedAgent[]): string {
  const count = (platform: Platform) => agents.filter((each) => each.platform === platform).length;
  const words = ['no', 'one', 'two', 'three'];
  const where = { windows: system === 'win32' ? 'on Windows' : 'under Wine', linux: 'on Linux' };
  const parts = PLATFORMS.filter((platform) => count(platform) > 0).map(
    (platform) => `${words[count(platform)]} ${where[platform]}`,
  );
  return `agents (${parts.join(', ')})`;
}
