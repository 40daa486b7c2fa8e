import { type Static, Type } from 'typebox';
import type { Problem } from '../values/validation.ts';
import { FLEET_PROTOCOLS, type FleetProtocol, isFramed, isPlugin } from './fleet-protocol.ts';
import { FRAME_OVERHEAD_BYTES, MAX_FRAME_BYTES } from './frame-bytes.ts';
import { Game } from './game.ts';
import { DUPLEXES, LAYOUTS, NOTIFIERS, PROTOCOLS } from './matrix.ts';
import { ResponseBytes } from './response-bytes.ts';
import { Threads } from './thread-budget.ts';
import { FleetZones, ServerZones } from './zones.ts';

const closed = { additionalProperties: false } as const;

/** Planted faults: deliberate errors of a server that prove that the checks detect them. */
export const Fault = Type.Object(
  {
    corruptEvery: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'flip a payload or checksum bit of every n-th echo',
      }),
    ),
    dropEvery: Type.Optional(
      Type.Integer({ minimum: 1, description: 'do not send every n-th echo' }),
    ),
    duplicateEvery: Type.Optional(
      Type.Integer({ minimum: 1, description: 'send every n-th echo twice' }),
    ),
    stallContent: Type.Optional(
      Type.Object(
        {
          content: Type.String({ maxLength: 32, description: 'name of the content' }),
          every: Type.Integer({ minimum: 1, description: 'at every n-th message of the content' }),
          stallMs: Type.Integer({ minimum: 1, maximum: 600_000 }),
        },
        { ...closed, description: 'a thread of the content sleeps' },
      ),
    ),
    leakBytesPerAccept: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 16_777_216, description: 'memory, written to' }),
    ),
    leakHandlesPerAccept: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, description: 'kernel handles (events)' }),
    ),
    leakSocketsPerAccept: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    staleEvery: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          'every n-th session first receives an echo that belongs to a session that ended',
      }),
    ),
    misrouteEvery: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          "after every n-th move the player's next message is delivered to the old content",
      }),
    ),
    zoneDropEvery: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'do not send every n-th delivery to another member of the zone',
      }),
    ),
    zoneDuplicateEvery: Type.Optional(
      Type.Integer({ minimum: 1, description: 'send every n-th such delivery twice' }),
    ),
    zoneSwapEvery: Type.Optional(
      Type.Integer({ minimum: 1, description: 'send every n-th such delivery after the next one' }),
    ),
    zoneAfterLeaveEvery: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: "send one more delivery after the answer to every n-th member's leave",
      }),
    ),
  },
  { ...closed, description: 'planted faults; "every" counts per thread' },
);
export type Fault = Static<typeof Fault>;

export const IocpOptions = Type.Object(
  {
    skipCompletionPortOnSuccess: Type.Boolean({
      default: true,
      description:
        'FILE_SKIP_COMPLETION_PORT_ON_SUCCESS: an operation that finishes at once posts no packet and is handled inline',
    }),
    inlineRounds: Type.Integer({
      default: 8,
      minimum: 1,
      maximum: 1024,
      description:
        'how many rounds of operations that finished at once are handled before the port is looked at again; the bound that keeps busy sessions from starving the others',
    }),
  },
  { ...closed, default: {} },
);

const PROTOCOL_TEXT =
  'oversoak: frames with times, stamps and a checksum; echo8: 2-byte length (8) and an 8-byte rising value, little-endian; raw: any bytes';

export const ServerOptions = Type.Object(
  {
    notifier: Type.Enum([...NOTIFIERS]),
    layout: Type.Enum([...LAYOUTS]),
    host: Type.String({
      default: '0.0.0.0',
      description: 'IPv4 or IPv6 address to listen on; one of IPv6 takes no IPv4',
    }),
    port: Type.Integer({ default: 0, minimum: 0, maximum: 65535, description: '0: any free port' }),
    backlog: Type.Integer({ default: 1024, minimum: 1, maximum: 65535 }),
    duplex: Type.Enum([...DUPLEXES], {
      default: 'full',
      description:
        'full: a receive is always posted; half: a session receives again only when all earlier messages are answered and the send is complete',
    }),
    protocol: Type.Enum([...PROTOCOLS], { default: 'oversoak', description: PROTOCOL_TEXT }),
    threads: Threads,
    game: Game,
    maxFrameBytes: Type.Integer({
      default: 4096,
      minimum: FRAME_OVERHEAD_BYTES,
      maximum: MAX_FRAME_BYTES,
    }),
    sendQueueBytes: Type.Integer({
      default: 262_144,
      minimum: 1024,
      maximum: 67_108_864,
      description:
        'bytes of answers that a session may queue behind the send in flight; `overSend` answers should fit, or a client that reads slowly for a moment is an error',
    }),
    iocp: IocpOptions,
    zones: Type.Optional(ServerZones),
    fault: Type.Optional(Fault),
    spinTurnsPerUs: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        description: "the agent's `capabilities.spinTurnsPerUs`; without it the process measures",
      }),
    ),
  },
  { ...closed, description: 'options of `startServer`' },
);
export type ServerOptions = Static<typeof ServerOptions>;

export const PACING_KINDS = ['constant', 'poisson', 'closed'] as const;

/** Of a fleet's messages. */
const DEFAULT_SIZES = { minFrameBytes: FRAME_OVERHEAD_BYTES, maxFrameBytes: 256 } as const;

export const FleetOptions = Type.Object(
  {
    host: Type.String({ description: 'IPv4 or IPv6 address of the server' }),
    port: Type.Integer({ minimum: 1, maximum: 65535 }),
    protocol: Type.Union([...FLEET_PROTOCOLS], {
      default: 'oversoak',
      description: `${PROTOCOL_TEXT}; {framed: …}: what is described; {plugin: …}: what a library speaks`,
    }),
    sessions: Type.Integer({ minimum: 1, maximum: 60_000 }),
    firstSession: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 4_294_000_000,
      description: 'number of the first session in messages of a described protocol',
    }),
    pluginPath: Type.Optional(
      Type.String({ description: 'of a plug-in: where its agent has the library' }),
    ),
    threads: Type.Integer({ default: 1, minimum: 1, maximum: 64 }),
    rampUpSeconds: Type.Number({
      default: 1,
      minimum: 0,
      maximum: 3600,
      description: 'the connects are distributed evenly over this time',
    }),
    minFrameBytes: Type.Integer({
      default: DEFAULT_SIZES.minFrameBytes,
      minimum: 1,
      maximum: MAX_FRAME_BYTES,
      description: `oversoak frames have ${FRAME_OVERHEAD_BYTES} bytes at least`,
    }),
    maxFrameBytes: Type.Integer({
      default: DEFAULT_SIZES.maxFrameBytes,
      minimum: 1,
      maximum: MAX_FRAME_BYTES,
      description:
        'sizes are uniformly distributed from minFrameBytes to maxFrameBytes, both included; echo8 messages always have 10 bytes',
    }),
    responseBytes: Type.Optional(ResponseBytes),
    pacing: Type.Enum([...PACING_KINDS], {
      default: 'constant',
      description:
        'constant and poisson are open loop: a message has an intended time, whatever the server does; closed: a session sends when an echo has come back',
    }),
    ratePerSecond: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 10_000_000,
        description: 'messages per second of the whole fleet; open loop only',
      }),
    ),
    loopDelayMs: Type.Number({
      default: 0,
      minimum: 0,
      maximum: 60_000,
      description: 'closed loop only: wait after an echo before the next send',
    }),
    overSend: Type.Integer({
      default: 1,
      minimum: 1,
      maximum: 1024,
      description: 'messages that a session may have in flight',
    }),
    echoTimeoutMs: Type.Number({ default: 5000, minimum: 1, maximum: 600_000 }),
    connectTimeoutMs: Type.Number({
      default: 5000,
      minimum: 1,
      maximum: 600_000,
      description:
        'a connect that takes longer is an error; so is a session that the fleet has begun to close and that the server does not close within this time',
    }),
    measurement: Type.Optional(
      Type.Object(
        {
          fromSeconds: Type.Number({ minimum: 0, description: 'since startFleet' }),
          seconds: Type.Number({
            exclusiveMinimum: 0,
            description: 'messages that are due later are not sent',
          }),
          windowSeconds: Type.Number({ exclusiveMinimum: 0, description: 'length of its windows' }),
          drainSeconds: Type.Number({
            minimum: 0,
            description: 'so long after it, and two seconds more, its server must still be there',
          }),
        },
        {
          ...closed,
          description: 'without it the whole time until the stop is measured, without windows',
        },
      ),
    ),
    disconnectsPerSecond: Type.Number({
      default: 0,
      minimum: 0,
      maximum: 100_000,
      description: 'churn: sessions of the whole fleet that disconnect and reconnect, per second',
    }),
    abortiveShare: Type.Number({
      default: 0,
      minimum: 0,
      maximum: 1,
      description:
        'share of the disconnects that reset the connection instead of closing it gracefully',
    }),
    slowReaders: Type.Optional(
      Type.Object(
        {
          share: Type.Number({
            exclusiveMinimum: 0,
            maximum: 1,
            description: 'share of the sessions',
          }),
          bytesPerSecond: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
        },
        {
          ...closed,
          description:
            'sessions that read no faster than this, with a small receive buffer; their echoes are checked, but not counted as latency, and as overdue only if nothing comes for as long as an echo may take',
        },
      ),
    ),
    zones: Type.Optional(FleetZones),
    seed: Type.Integer({ default: 1, minimum: 0, maximum: 4_294_967_295 }),
  },
  { ...closed, description: 'options of `startFleet`' },
);
export type FleetOptions = Static<typeof FleetOptions>;

type Pacing = Pick<FleetOptions, 'pacing' | 'ratePerSecond' | 'loopDelayMs'>;

/**
 * Problems of the pacing that the schema cannot express: fields that require or exclude one
 * another.
 */
export function pacingProblems({ pacing, ratePerSecond, loopDelayMs }: Pacing): Problem[] {
  const problems: Problem[] = [];
  const closedLoop = pacing === 'closed';
  if (closedLoop && ratePerSecond !== undefined) {
    const detail = 'is for open loop only; pacing is "closed"';
    problems.push({ pointer: '/ratePerSecond', detail });
  }
  if (!closedLoop && ratePerSecond === undefined) {
    const detail = `is required when pacing is "${pacing}"`;
    problems.push({ pointer: '/ratePerSecond', detail });
  }
  if (!closedLoop && loopDelayMs !== 0) {
    const detail = `is for closed loop only; pacing is "${pacing}"`;
    problems.push({ pointer: '/loopDelayMs', detail });
  }
  return problems;
}

/** Problems of the frame sizes that the schema cannot express. */
export function frameSizeProblems(
  { minFrameBytes, maxFrameBytes }: Pick<FleetOptions, 'minFrameBytes' | 'maxFrameBytes'>,
  protocol: FleetProtocol,
): Problem[] {
  if (isFramed(protocol)) {
    const why = 'not with a framed protocol: its description gives the sizes of its messages';
    return givenSizeProblems({ minFrameBytes, maxFrameBytes }, why);
  }
  if (isPlugin(protocol)) {
    return givenSizeProblems({ minFrameBytes, maxFrameBytes }, 'not with a plug-in: it makes them');
  }
  const problems: Problem[] = [];
  if (minFrameBytes > maxFrameBytes) {
    const detail = `must be <= maxFrameBytes, which is ${maxFrameBytes}`;
    problems.push({ pointer: '/minFrameBytes', detail });
  }
  if (protocol === 'oversoak' && minFrameBytes < FRAME_OVERHEAD_BYTES) {
    const detail = `must be >= ${FRAME_OVERHEAD_BYTES} under the protocol "oversoak"`;
    problems.push({ pointer: '/minFrameBytes', detail });
  }
  return problems;
}

/** A value that is the default may not have been given. */
function givenSizeProblems(
  sizes: Pick<FleetOptions, 'minFrameBytes' | 'maxFrameBytes'>,
  detail: string,
): Problem[] {
  return (['minFrameBytes', 'maxFrameBytes'] as const)
    .filter((name) => sizes[name] !== DEFAULT_SIZES[name])
    .map((name) => ({ pointer: `/${name}`, detail }));
}

/** Problems of a fault that the schema cannot express, such as an unknown content. */
export function faultProblems(
  fault: Fault | undefined,
  { contents }: Pick<Game, 'contents'>,
): Problem[] {
  const stalled = fault?.stallContent?.content;
  const names = contents.map(({ name }) => name);
  if (stalled === undefined || names.includes(stalled)) return [];
  const detail = `unknown content "${stalled}"; valid: ${names.join(', ')}`;
  return [{ pointer: '/stallContent/content', detail }];
}
