import {
  type Capabilities,
  DEFAULT_TARGETS,
  type Environment,
  LAYOUTS,
  NOTIFIERS_OF,
  type Registration,
} from '@oversoak/contracts';
import type { Agent } from '@oversoak/control-plane/store/agents';

export function capabilities(works: readonly string[] = ['iocp', 'event']): Capabilities {
  const known = ['iocp', 'completion-routine', 'event'] as const;
  return {
    platform: 'windows',
    systemVersion: '10.0.19043',
    wineVersion: '8.0',
    cores: 2,
    spinTurnsPerUs: 400,
    notifiers: known.map((name) => ({
      name,
      works: works.includes(name),
      reason: works.includes(name) ? null : 'its self-test got no echo',
    })),
    layouts: [...LAYOUTS],
  };
}

export function environment(works?: readonly string[]): Environment {
  return {
    hostname: 'made',
    cpuModel: 'made',
    memoryBytes: 1_000_000,
    nodeVersion: 'v22.23.3',
    addonVersion: '0.1.0',
    capabilities: capabilities(works),
  };
}

/** Of a native Linux machine, where every notifier works but those that are named. */
export function linuxEnvironment(broken: readonly string[] = []): Environment {
  return {
    ...environment(),
    capabilities: {
      ...capabilities(),
      platform: 'linux',
      systemVersion: '6.1.0',
      wineVersion: null,
      notifiers: NOTIFIERS_OF.linux.map((name) => ({
        name,
        works: !broken.includes(name),
        reason: broken.includes(name) ? 'EPERM (1)' : null,
      })),
    },
  };
}

export function registration(agentId: string, changes: Partial<Registration> = {}): Registration {
  return {
    agentId,
    incarnation: `${agentId}-1`,
    labels: {},
    slots: 1,
    advertisedHost: '127.0.0.1',
    allowsFaults: false,
    targets: [...DEFAULT_TARGETS],
    clientPorts: { budget: 25_408, timeWaitSeconds: 60 },
    environment: environment(),
    ...changes,
  };
}

/** A live agent, as the dispatcher sees it. */
export function madeAgent(
  agentId: string,
  changes: Partial<Registration> = {},
  slotsUsed = 0,
): Agent {
  const state = { live: true, stopped: false, draining: false, slotsUsed };
  return { registration: registration(agentId, changes), ...state };
}
