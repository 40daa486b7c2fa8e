import {
  type AllowedPlugin,
  type Assign,
  churnSeconds,
  type Environment,
  type NeededPorts,
  neededPorts,
  type Report,
  type Role,
  type Sample,
  type Start,
} from '@oversoak/contracts';
import { Deadline } from '../host/deadline.ts';
import type { ForkHost, HostProcess } from '../host/host-process.ts';
import type { FromHost, HostResult, HostSample, PartResult, PartWindow } from '../host/messages.ts';
import { timelineOf } from '../host/timeline.ts';
import { log } from '../log/log.ts';
import type { RedisClock } from '../redis/redis-clock.ts';
import type { AgentTelemetry } from '../telemetry/agent-telemetry.ts';
import type { PartTelemetry } from '../telemetry/part-telemetry.ts';
import { withPlugin } from './plugin-reason.ts';
import {
  next,
  type Outcome,
  type SlotEffect,
  type SlotEvent,
  type SlotState,
} from './slot-state.ts';

/**
 * Added to the prepare deadline until a start must arrive; covers a restart of the control plane.
 */
const START_GRACE_MS = 30_000;
/**
 * So much before the deadline of its run a part that is not prepared fails: its report, which says
 * more than that there was none, then comes before the end of the run.
 */
const REPORT_MS = 1_000;
const REPORT_SHARE = 0.1;
const prepareMs = (leftMs: number) => leftMs - Math.min(REPORT_MS, REPORT_SHARE * leftMs);

/** Added to the planned end: joining threads and closing sessions takes time on a busy machine. */
const FINISH_GRACE_MS = 20_000;
/**
 * A stop that takes longer becomes a kill. Including the job's delivery it stays under two seconds.
 */
const STOP_MS = 1_500;

/** What the slots of an agent share. */
export interface SlotContext {
  agentId: string;
  /** The incarnation of this process; jobs for an earlier one are refused. */
  incarnation: string;
  environment: Environment;
  /** As in the registration. */
  targets: readonly string[];
  /** Where the servers of its gangs may be. */
  peers: readonly string[];
  /** Libraries that its fleets may load. */
  plugins: readonly AllowedPlugin[];
  /** Where its own servers listen, whatever a job says. */
  listenHost: string;
  engine: string;
  fork: ForkHost;
  clock: Pick<RedisClock, 'nowMs' | 'wallOffsetMs' | 'toRedisMs' | 'toLocalMs'>;
  telemetry: AgentTelemetry;
  report(report: Report): void;
  sample(sample: Sample): void;
}

type OfRun = Exclude<Extract<FromHost, { kind: SlotEvent['kind'] }>, { kind: 'finished' }>;

/** Other messages come only from probing hosts. */
function isOfRun(message: FromHost): message is OfRun {
  const others = ['sample', 'reading', 'window', 'capabilities', 'probing', 'probed'];
  return !others.includes(message.kind);
}

/** As it is reported. */
function named(outcome: Outcome, part: Assign['part']): Outcome {
  if (outcome.kind !== 'failed' || outcome.pluginMay === undefined) return outcome;
  const { pluginMay, ...failed } = outcome;
  return { ...failed, reason: withPlugin(failed.reason, pluginMay, part) };
}

/** One part of a run in its slot: a host process and what the agent knows about it. */
export class Slot {
  readonly assign: Assign;
  /** Resolves when the host process has exited and the outcome is reported. */
  readonly ended: Promise<void>;
  readonly #context: SlotContext;
  readonly #telemetry: PartTelemetry;
  #host: HostProcess | undefined;
  readonly #deadline = new Deadline();
  readonly #resolveEnded: () => void;
  #state: SlotState = { name: 'waiting' };
  /** Windows of the measurement so far: at most 1,440, about 1 kB each. */
  #windows: PartWindow[] = [];

  /** `trace`: the trace context of the job that carried the assignment. */
  constructor(context: SlotContext, assign: Assign, trace?: string) {
    this.#context = context;
    this.assign = assign;
    this.#telemetry = context.telemetry.part(assign, trace);
    const ended = Promise.withResolvers<void>();
    this.ended = ended.promise;
    this.#resolveEnded = ended.resolve;
    this.#armDeadline(prepareMs(assign.deadlineMs - context.clock.nowMs()));
  }

  get role(): Role {
    return this.assign.part.role;
  }

  /** True until `begin` or the deadline: there is no host process yet. */
  get isWaiting(): boolean {
    return this.#state.name === 'waiting';
  }

  /** True when the outcome is settled and the host process is about to exit. */
  get isLeaving(): boolean {
    return this.#state.name === 'ending';
  }

  get hasEnded(): boolean {
    return this.#state.name === 'ended';
  }

  /** Client ports that this part holds at its height. */
  neededPorts(timeWaitSeconds: number): NeededPorts {
    const { part, phases } = this.assign;
    if (part.role === 'server') return { ports: 0, text: 'a server' };
    return neededPorts({ ...part.options, churnSeconds: churnSeconds(phases) }, timeWaitSeconds);
  }

  /** Called when a slot is free: starts the host process. */
  begin(): void {
    this.#happened({ kind: 'room' });
  }

  fail(reason: string): void {
    this.#happened({ kind: 'failed', reason });
  }

  /** Returns false when the part is not prepared. */
  start(start: Start): boolean {
    return this.#happened({ kind: 'start', start });
  }

  abort(reason: string): void {
    this.#happened({ kind: 'abort', reason });
  }

  #received(message: FromHost): void {
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
    const { environment, clock } = this.#context;
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
          ...(port === null ? {} : { port }),
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
        this.#settle(effect.outcome);
        break;
      case 'refuseStart':
        break;
    }
  }

  #forkHost(): void {
    const { fork, engine, targets, peers, plugins } = this.#context;
    const { phases } = this.assign;
    const part = this.#ofThisAgent(this.assign.part);
    this.#host = fork({
      onMessage: (message) => this.#received(message),
      onExit: (exit) => this.#happened({ kind: 'exited', exit }),
    });
    const { readings } = this.#telemetry;
    const allowed = { targets, peers, plugins };
    this.#host.send({ kind: 'prepare', engine, part, phases, ...allowed, readings });
  }

  /** Every server of this agent burns the same work per microsecond, and listens at one address. */
  #ofThisAgent(part: Assign['part']): Assign['part'] {
    if (part.role === 'fleet') return part;
    const { environment, listenHost: host } = this.#context;
    const { spinTurnsPerUs } = environment.capabilities;
    return { ...part, options: { ...part.options, spinTurnsPerUs, host } };
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

  #settle(settled: Outcome): void {
    const outcome = named(settled, this.assign.part);
    this.#report({ ...outcome, ...this.#from() });
    // The slot object itself is remembered as long as jobs for its run may arrive.
    this.#windows = [];
    this.#telemetry.end('reason' in outcome ? outcome.reason : undefined);
  }

  #from() {
    const { runId, epoch } = this.assign;
    const { agentId, clock } = this.#context;
    return { runId, epoch, agentId, role: this.role, atMs: clock.nowMs() };
  }

  #whole({ series, ...rest }: HostResult): PartResult {
    // A host has a single role, so its windows have the type of its result.
    return { ...rest, series: { ...series, windows: this.#windows } } as PartResult;
  }

  #sampleOf({ atMachineMs, ...sample }: HostSample): Sample {
    const atMs = Math.round(this.#context.clock.toRedisMs(atMachineMs));
    return { ...this.#from(), atMs, ...sample };
  }
}
