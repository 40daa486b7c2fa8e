import { type Static, Type } from 'typebox';
import { LAYOUTS, NOTIFIERS } from './matrix.ts';
import type { Problem } from './validation.ts';

/** Bytes of a frame that are not payload: header, times, stamps and CRC. */
export const FRAME_OVERHEAD_BYTES = 64;
/** The longest frame that a server can be told to take. */
export const MAX_FRAME_BYTES = 16_384;

const closed = { additionalProperties: false } as const;

/** Planted faults: what a server does wrong on purpose, so that the checks can be seen to work. */
export const Fault = Type.Object(
  {
    corruptEvery: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'flip a payload or checksum bit of every n-th echo',
      }),
    ),
    dropEvery: Type.Optional(
      Type.Integer({ minimum: 1, description: 'leave out every n-th echo' }),
    ),
    duplicateEvery: Type.Optional(
      Type.Integer({ minimum: 1, description: 'send every n-th echo twice' }),
    ),
  },
  { ...closed, description: 'planted faults, counted over all sessions of one IO thread' },
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

export const ServerOptions = Type.Object(
  {
    notifier: Type.Enum([...NOTIFIERS]),
    layout: Type.Enum([...LAYOUTS]),
    host: Type.String({ default: '0.0.0.0', description: 'IPv4 address to listen on' }),
    port: Type.Integer({ default: 0, minimum: 0, maximum: 65535, description: '0: any free port' }),
    backlog: Type.Integer({ default: 1024, minimum: 1, maximum: 65535 }),
    ioThreads: Type.Integer({
      default: 1,
      minimum: 1,
      maximum: 256,
      description: 'threads asked for; `event` starts one more for each 63 sessions beyond them',
    }),
    maxFrameBytes: Type.Integer({
      default: 4096,
      minimum: FRAME_OVERHEAD_BYTES,
      maximum: MAX_FRAME_BYTES,
    }),
    sendQueueBytes: Type.Integer({
      default: 262_144,
      minimum: 1024,
      maximum: 67_108_864,
      description: 'echoes a session may have waiting behind the send in flight, in bytes',
    }),
    iocp: IocpOptions,
    fault: Type.Optional(Fault),
  },
  { ...closed, description: 'options of `startServer`' },
);
export type ServerOptions = Static<typeof ServerOptions>;

export const PACING_KINDS = ['constant', 'poisson', 'closed'] as const;

export const FleetOptions = Type.Object(
  {
    host: Type.String({ description: 'IPv4 address of the server' }),
    port: Type.Integer({ minimum: 1, maximum: 65535 }),
    sessions: Type.Integer({ minimum: 1, maximum: 60_000 }),
    threads: Type.Integer({ default: 1, minimum: 1, maximum: 64 }),
    rampUpSeconds: Type.Number({
      default: 1,
      minimum: 0,
      maximum: 3600,
      description: 'the connects are spread evenly over this time',
    }),
    minFrameBytes: Type.Integer({
      default: FRAME_OVERHEAD_BYTES,
      minimum: FRAME_OVERHEAD_BYTES,
      maximum: MAX_FRAME_BYTES,
    }),
    maxFrameBytes: Type.Integer({
      default: 256,
      minimum: FRAME_OVERHEAD_BYTES,
      maximum: MAX_FRAME_BYTES,
      description: 'sizes are drawn evenly from minFrameBytes to maxFrameBytes, both included',
    }),
    pacing: Type.Enum([...PACING_KINDS], {
      default: 'constant',
      description:
        'constant and poisson are open loop: a message has an intended time whatever the server does; closed sends when an echo has come back',
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
    disconnectsPerSecond: Type.Number({
      default: 0,
      minimum: 0,
      maximum: 100_000,
      description: 'sessions of the whole fleet that end gracefully and connect again, per second',
    }),
    seed: Type.Integer({ default: 1, minimum: 0, maximum: 4_294_967_295 }),
  },
  { ...closed, description: 'options of `startFleet`' },
);
export type FleetOptions = Static<typeof FleetOptions>;

type Pacing = Pick<FleetOptions, 'pacing' | 'ratePerSecond' | 'loopDelayMs'>;

/** What the schema alone cannot say of the pacing: fields that need or forbid one another. */
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

/** The same of the frame sizes. */
export function frameSizeProblems({
  minFrameBytes,
  maxFrameBytes,
}: Pick<FleetOptions, 'minFrameBytes' | 'maxFrameBytes'>): Problem[] {
  if (minFrameBytes <= maxFrameBytes) return [];
  const detail = `must be <= maxFrameBytes, which is ${maxFrameBytes}`;
  return [{ pointer: '/minFrameBytes', detail }];
}
