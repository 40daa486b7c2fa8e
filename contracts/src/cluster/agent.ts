import { type Static, Type } from 'typebox';
import { Capabilities, LONGEST_FACT } from '../figures/native-snapshot.ts';
import { ClientPorts } from '../options/client-ports.ts';
import { MAX_PLUGINS, PluginFile } from '../options/plugin.ts';

const closed = { additionalProperties: false } as const;

/** Facts about the machine that apply to every figure measured on it. */
export const Environment = Type.Object(
  {
    hostname: Type.String({ maxLength: LONGEST_FACT }),
    cpuModel: Type.String({ maxLength: LONGEST_FACT }),
    memoryBytes: Type.Integer({ minimum: 0 }),
    nodeVersion: Type.String({ maxLength: LONGEST_FACT }),
    addonVersion: Type.String({ maxLength: LONGEST_FACT }),
    capabilities: Capabilities,
  },
  closed,
);
export type Environment = Static<typeof Environment>;

export const AGENT_ID_PATTERN = '^[a-z][a-z0-9-]{0,62}$';

/** Parts of runs that an agent takes at a time, at the most. */
export const MAX_SLOTS = 64;

/** What an agent writes about itself when it registers. */
export const Registration = Type.Object(
  {
    agentId: Type.String({ pattern: AGENT_ID_PATTERN }),
    incarnation: Type.String({ description: 'identifies the agent process; new at every start' }),
    labels: Type.Record(Type.String(), Type.String()),
    slots: Type.Integer({
      minimum: 1,
      maximum: MAX_SLOTS,
      description: 'how many parts of runs the agent executes at the same time',
    }),
    advertisedHost: Type.String({ description: 'address at which fleets reach its servers' }),
    allowsFaults: Type.Boolean({ description: 'whether a spec may plant faults here' }),
    targets: Type.Array(Type.String(), {
      description:
        'servers that its fleet may load beside those of its gangs: "address[/bits][:port]"',
    }),
    plugins: Type.Optional(
      Type.Array(PluginFile, {
        maxItems: MAX_PLUGINS,
        description: 'libraries that its fleet may load to speak a protocol; left out: none',
      }),
    ),
    clientPorts: ClientPorts,
    environment: Environment,
  },
  closed,
);
export type Registration = Static<typeof Registration>;

/** An agent in the API's list. */
export const ListedAgent = Type.Object(
  {
    ...Registration.properties,
    live: Type.Boolean({ description: 'false: its lease has lapsed' }),
    draining: Type.Boolean({ description: 'the agent finishes its current runs and gets no more' }),
    slotsUsed: Type.Integer({ minimum: 0, description: 'slots that runs hold' }),
  },
  closed,
);
export type ListedAgent = Static<typeof ListedAgent>;

/** What figures were measured on. Wine runs the platform `windows` and is never called that. */
export const SYSTEMS = ['wine', 'windows', 'linux'] as const;
export type System = (typeof SYSTEMS)[number];

/** The system's name in telemetry. */
export function systemOf({ capabilities: { platform, wineVersion } }: Environment): System {
  return wineVersion === null ? platform : 'wine';
}

/** The label shown with every figure from this environment. */
export function platformLabel(environment: Environment): string {
  const { wineVersion, systemVersion } = environment.capabilities;
  switch (systemOf(environment)) {
    case 'wine':
      return `Wine ${wineVersion} on Linux: correctness and relative cost, not Windows performance`;
    case 'windows':
      return `Windows ${systemVersion}`;
    case 'linux':
      return `Linux ${systemVersion}`;
  }
}
