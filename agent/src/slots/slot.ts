import type { Assign, Environment, Report, Role, Sample, Start } from '@oversoak/contracts';
import { Deadline } from '../host/deadline.ts';
import type { ForkHost, HostProcess } from '../host/host-process.ts';
import type { FromHost, HostResult, HostSample, PartResult, PartWindow } from '../host/messages.ts';
import { timelineOf } from '../host/timeline.ts';
import { log } from '../log/log.ts';
import type { RedisClock } from '../redis/redis-clock.ts';
import type { AgentTelemetry } from '../telemetry/agent-telemetry.ts';
import type { PartTelemetry } from '../telemetry/part-telemetry.ts';
import { next, type SlotEffect, type SlotEvent, type SlotState } from './slot-state.ts';

/** From the prepare deadline to a start, for a control plane that is being restarted. */
const START_GRACE_MS = 30_000;
/** Beyond the planned end: joining threads and closing sessions on a machine that is busy. */
const FINISH_GRACE_MS = 20_000;
/** A stop that takes longer is a kill. With the way of the job it stays under two seconds. */
const STOP_MS = 1_500;

/** What slots of an agent share. */
export interface SlotContext {
  agentId: string;
  /** Of this process: what was meant for an earlier one is not for it. */
  incarnation: string;
  advertisedHost: string;
  environment: Environment;
  engine: string;
  fork: ForkHost;
  clock: Pick<RedisClock, 'nowMs' | 'wallOffsetMs' | 'toRedisMs' | 'toLocalMs'>;
  telemetry: AgentTelemetry;
  report(report: Report): void;
  sample(sample: Sample): void;
}

type OfRun = Exclude<Extract<FromHost, { kind: SlotEvent['kind'] }>, { kind: 'finished' }>;

/** Hosts that were asked for something else say the rest. */
function isOfRun(message: FromHost): message is OfRun {
  const others = ['sample', 'reading', 'window', 'capabilities', 'probing', 'probed'];
  return !others.includes(message.kind);
}

/** One part of a run in its slot: a host process and what the agent knows of it. */
export class Slot {
  readonly assign: Assign;
  /** Resolves when the host process is gone and the outcome is reported. */
  readonly ended: Promise<void>;
  readonly #context: SlotContext;
  readonly #telemetry: PartTelemetry;
  #host: HostProcess | undefined;
  readonly #deadline = new Deadline();
  readonly #resolveEnded: () => void;
  #state: SlotState = { name: 'waiting' };
  /** Of the measurement so far: at most 1,440, about a kilobyte each. */
  #windows: PartWindow[] = [];

  /** `trace`: of the job that brought the assignment. */
  constructor(context: SlotContext, assign: Assign, trace?: string) {
    this.#context = context;
    this.assign = assign;
    this.#telemetry = context.telemetry.part(assign, trace);
    const ended = Promise.withResolvers<void>();
    this.ended = ended.promise;
    this.#resolveEnded = ended.resolve;
    this.#armDeadline(assign.deadlineMs - context.clock.nowMs());
  }

  get role(): Role {
    return this.assign.part.role;
  }

  /** Without a host process yet: until `begin`, or its deadline. */
  get isWaiting(): boolean {
    return this.#state.name === 'waiting';
  }

  /** Its outcome is settled, and its host process about to be gone. */
  get isLeaving(): boolean {
    return this.#state.name === 'ending';
  }

  get hasEnded(): boolean {
    return this.#state.name === 'ended';
  }

  /** Client sessions that it may have open. */
  get sessions(): number {
    const { part } = this.assign;
    return part.role === 'fleet' ? part.options.sessions : 0;
  }

  /** There is room for it. */
  begin(): void {
    this.#happened({ kind: 'room' });
  }

  fail(reason: string): void {
    this.#happened({ kind: 'failed', reason });
  }

  /** False: refused, because it is not prepared. */
  start(start: Start): boolean {
    return this.#happened({ kind: 'start', start });
  }

  abort(reason: string): void {
    this.#happened({ kind: 'abort', reason });
  }

  #heard(message: FromHost): void {
    if (message.kind === 'sample') this.#context.sample(this.#sampleOf(message.sample));
    else if (message.kind === 'window') this.#windows.push(message.window);
    else if (message.kind === 'reading') {
      this.#telemetry.read(message.moment, message.atMachineMs, message.reading);
    } else if (message.kind === 'finished') {
      this.#happened({ kind: 'finished', result: this.#whole(message.result) });
    } else if (isOfRun(message)) this.#happened(message);
  }

  #happened(event: SlotEvent): boolean {
    const before = this.#state.name;
    const { state, effects } = next(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#apply(effect);
    if (state.name !== before) this.#entered(state);
    return !effects.some((effect) => effect.kind === 'refuseStart');
  }

  #entered(state: SlotState): void {
    const { runId, epoch, deadlineMs } = this.assign;
    log('info', `part is ${state.name}`, {
      runId,
      epoch,
      role: this.role,
      hostPid: this.#host?.pid,
    });
    if (state.name === 'prepared') {
      this.#telemetry.prepared();
      this.#armDeadline(deadlineMs + START_GRACE_MS - this.#context.clock.nowMs());
    }
    if (state.name === 'ending') this.#armDeadline(STOP_MS);
    if (state.name === 'ended') {
      this.#deadline.cancel();
      this.#resolveEnded();
    }
  }

  #armDeadline(afterMs: number): void {
    this.#deadline.arm(afterMs, () => this.#happened({ kind: 'overdue' }));
  }

  #apply(effect: SlotEffect): void {
    const { advertisedHost, environment, clock } = this.#context;
    switch (effect.kind) {
      case 'forkHost':
        this.#forkHost();
        break;
      case 'reportPrepared': {
        const { port } = effect;
        this.#report({
          kind: 'prepared',
          ...this.#from(),
          environment,
          clockOffsetMs: clock.wallOffsetMs,
          ...(port === null ? {} : { endpoint: { host: advertisedHost, port } }),
        });
        break;
      }
      case 'sendStart':
        this.#sendStart(effect.start);
        break;
      case 'reportStarted':
        this.#report({ kind: 'started', ...this.#from() });
        break;
      case 'stopHost':
        this.#host?.send({ kind: 'stop' });
        break;
      case 'killHost':
        this.#host?.kill();
        break;
      case 'settle':
        this.#report({ ...effect.outcome, ...this.#from() });
        // The slot itself is remembered for as long as jobs about its run may come.
        this.#windows = [];
        this.#telemetry.end('reason' in effect.outcome ? effect.outcome.reason : undefined);
        break;
      case 'refuseStart':
        break;
    }
  }

  #forkHost(): void {
    const { fork, engine } = this.#context;
    const { part, phases } = this.assign;
    this.#host = fork({
      onMessage: (message) => this.#heard(message),
      onExit: (exit) => this.#happened({ kind: 'exited', exit }),
    });
    const { readings } = this.#telemetry;
    this.#host.send({ kind: 'prepare', engine, part, phases, readings });
  }

  #sendStart(start: Start): void {
    const { clock } = this.#context;
    const plannedMs = timelineOf(this.assign.phases).serverStopSeconds * 1000;
    this.#armDeadline(start.startAtMs - clock.nowMs() + plannedMs + FINISH_GRACE_MS);
    this.#host?.send({
      kind: 'start',
      startAtMachineMs: clock.toLocalMs(start.startAtMs),
      endpoint: start.endpoint,
    });
  }

  #report(report: Report): void {
    this.#context.report(this.#telemetry.report(report));
  }

  #from() {
    const { runId, epoch } = this.assign;
    const { agentId, clock } = this.#context;
    return { runId, epoch, agentId, role: this.role, atMs: clock.nowMs() };
  }

  #whole({ series, ...rest }: HostResult): PartResult {
    // A host has one role, and so have its windows.
    return { ...rest, series: { ...series, windows: this.#windows } } as PartResult;
  }

  #sampleOf({ atMachineMs, ...sample }: HostSample): Sample {
    const atMs = Math.round(this.#context.clock.toRedisMs(atMachineMs));
    return { ...this.#from(), atMs, ...sample };
  }
}
