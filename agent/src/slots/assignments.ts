import {
  type Abort,
  type Assign,
  type ClientPorts,
  endpointText,
  type FleetPart,
  findPlugin,
  isPlugin,
  mayAllowTarget,
  notAllowedPlugin,
  type Role,
  type RunJob,
  type Start,
} from '@oversoak/contracts';
import { log } from '../log/log.ts';
import { admit, type KnownRun, type Refusal } from './admission.ts';
import { overBudget } from './port-budget.ts';
import { Slot, type SlotContext } from './slot.ts';

/** Number of runs whose epoch is remembered; far more than can have jobs in flight. */
const REMEMBERED_RUNS = 10_000;

interface Remembered {
  epoch: number;
  /** Keyed by role; null when an abort arrived before the assignment. */
  parts: Map<Role, Slot | null>;
}

export interface SlotLimits {
  slots: number;
  ports: ClientPorts;
  allowsFaults: boolean;
}

/** Why an assignment is refused; refusals are counted under these names. */
type Obstacle =
  | 'stopping'
  | 'after its deadline'
  | 'fault not allowed'
  | 'target not allowed'
  | 'plug-in not allowed';
export type RefusalName = Refusal | Obstacle;

interface Refused {
  why: Obstacle;
  reason: string;
}

/** All parts that this agent holds or held, and the decisions about their jobs. */
export class Assignments {
  readonly refused: Record<RefusalName, number> = {
    'old epoch': 0,
    'other incarnation': 0,
    'not prepared': 0,
    stopping: 0,
    'after its deadline': 0,
    'fault not allowed': 0,
    'target not allowed': 0,
    'plug-in not allowed': 0,
  };
  readonly #context: SlotContext;
  readonly #limits: SlotLimits;
  readonly #hasRuns: (has: boolean) => void;
  readonly #runs = new Map<string, Remembered>();
  readonly #slots = new Set<Slot>();
  #stopReason: string | null = null;

  /**
   * `hasRuns` is called with true for every part that arrives, and with false when none is left.
   */
  constructor(context: SlotContext, limits: SlotLimits, hasRuns: (has: boolean) => void) {
    this.#context = context;
    this.#limits = limits;
    this.#hasRuns = hasRuns;
  }

  /** Returns why the job is refused, or null. `trace`: the job's trace context, for its effects. */
  async handle(job: RunJob, trace?: string): Promise<RefusalName | null> {
    const { incarnation } = this.#context;
    const admission = admit(job, known(this.#runs.get(job.runId)), incarnation);
    switch (admission.kind) {
      case 'duplicate':
        return null;
      case 'refuse':
        return this.#refuse(job, admission.why);
      case 'acknowledge':
        this.#acknowledge(job as Abort, admission.roles);
        return null;
      case 'take':
        return this.#take(job as Assign, trace);
      case 'pass':
        if (job.kind === 'start') return this.#start(job);
        this.#abort(job as Abort);
        return null;
    }
  }

  /** The assignment of a run's part that this agent holds or held. */
  assignOf(runId: string): Assign | undefined {
    const parts = [...(this.#runs.get(runId)?.parts.values() ?? [])];
    return parts.find((slot) => slot !== null)?.assign;
  }

  get live(): Slot[] {
    return [...this.#slots];
  }

  /**
   * Refuses new assignments and aborts running ones; resolves when all host processes have exited.
   */
  async stop(reason: string): Promise<void> {
    this.#stopReason = reason;
    const slots = this.live;
    for (const slot of slots) slot.abort(reason);
    await Promise.all(slots.map((slot) => slot.ended));
  }

  #take(assign: Assign, trace: string | undefined): Obstacle | null {
    const { runId, epoch } = assign;
    const before = this.#runs.get(runId);
    if (before === undefined || before.epoch < epoch) {
      // A newer allocation fences off the older one, whatever happened to its abort.
      for (const slot of liveSlots(before)) slot.abort(`superseded by epoch ${epoch}`);
      this.#remember(runId, { epoch, parts: new Map() });
    }
    const obstacle = this.#obstacle(assign);
    if (obstacle === null) {
      this.#runs.get(runId)?.parts.set(assign.part.role, this.#open(assign, trace));
      this.#beginWaiting();
      return null;
    }
    this.refused[obstacle.why] += 1;
    this.#runs.get(runId)?.parts.set(assign.part.role, null);
    this.#say('failed', assign, assign.part.role, obstacle.reason);
    return obstacle.why;
  }

  /**
   * The assignment waits in a slot rather than in the queue, where it could block the abort that
   * frees one.
   */
  #open(assign: Assign, trace: string | undefined): Slot {
    const slot = new Slot(this.#context, assign, trace);
    this.#slots.add(slot);
    this.#hasRuns(true);
    void slot.ended.then(() => {
      this.#slots.delete(slot);
      if (this.#slots.size === 0) this.#hasRuns(false);
      this.#beginWaiting();
    });
    return slot;
  }

  /**
   * Starts waiting assignments in order while slots are free, and none while a part is about to
   * exit and release its port and memory. The control plane allocates only slots that it has freed.
   * If all slots are still taken here, one of their aborts is on its way and may arrive late,
   * because a job whose fetch was interrupted is delivered again behind later ones. So an
   * assignment waits until its deadline.
   */
  #beginWaiting(): void {
    for (const slot of this.live.filter((each) => each.isWaiting)) {
      const holding = this.live.filter((each) => !each.isWaiting);
      if (holding.length >= this.#limits.slots || holding.some((each) => each.isLeaving)) return;
      const { budget, timeWaitSeconds } = this.#limits.ports;
      const ports = (each: Slot) => each.neededPorts(timeWaitSeconds);
      const inUse = holding.reduce((sum, each) => sum + ports(each).ports, 0);
      const tooMany = overBudget(ports(slot), inUse, budget);
      if (tooMany === null) slot.begin();
      else slot.fail(tooMany);
    }
  }

  /** Returns why the assignment cannot be accepted, or null. */
  #obstacle({ part, deadlineMs }: Assign): Refused | null {
    if (this.#stopReason !== null) return { why: 'stopping', reason: this.#stopReason };
    if (this.#context.clock.nowMs() >= deadlineMs) {
      return { why: 'after its deadline', reason: 'the assignment came after its deadline' };
    }
    return this.#forbidden(part);
  }

  /** Enforces what the machine's owner allowed, regardless of what the control plane requests. */
  #forbidden(part: Assign['part']): Refused | null {
    const { allowsFaults } = this.#limits;
    if (part.role === 'server') {
      if (part.options.fault === undefined || allowsFaults) return null;
      const reason = 'this agent does not allow faults: OVERSOAK_ALLOW_FAULTS is not 1';
      return { why: 'fault not allowed', reason };
    }
    return this.#forbiddenTarget(part) ?? this.#forbiddenPlugin(part);
  }

  /** The host process resolves a name, and holds the list against each address. */
  #forbiddenTarget(part: FleetPart): Refused | null {
    const { targets } = this.#context;
    if (part.target === undefined || mayAllowTarget(targets, part.target)) return null;
    const allowed = targets.join(', ') || 'none';
    const target = endpointText(part.target);
    const reason = `${target} is not a target that OVERSOAK_TARGETS allows: ${allowed}`;
    return { why: 'target not allowed', reason };
  }

  #forbiddenPlugin({ options: { protocol } }: FleetPart): Refused | null {
    const { plugins } = this.#context;
    if (!isPlugin(protocol) || findPlugin(plugins, protocol.plugin) !== undefined) return null;
    return { why: 'plug-in not allowed', reason: notAllowedPlugin(plugins, protocol.plugin) };
  }

  #start(start: Start): Refusal | null {
    let refusal: Refusal | null = null;
    for (const slot of liveSlots(this.#runs.get(start.runId))) {
      if (!slot.start(start)) refusal = this.#refuse(start, 'not prepared');
    }
    return refusal;
  }

  #abort({ runId, reason }: Abort): void {
    for (const slot of liveSlots(this.#runs.get(runId))) slot.abort(reason);
  }

  /**
   * Acknowledges an abort, so that the control plane never waits for a run that is unknown here.
   */
  #acknowledge(abort: Abort, roles: Role[]): void {
    const before = this.#runs.get(abort.runId);
    if (before === undefined || before.epoch < abort.epoch) {
      for (const slot of liveSlots(before)) slot.abort(abort.reason);
      const parts = new Map<Role, null>(roles.map((role) => [role, null]));
      this.#remember(abort.runId, { epoch: abort.epoch, parts });
    }
    for (const role of roles) this.#say('aborted', abort, role, abort.reason);
  }

  #say(kind: 'failed' | 'aborted', job: RunJob, role: Role, reason: string): void {
    const { agentId, clock, report, telemetry } = this.#context;
    const { runId, epoch } = job;
    log('info', `part is ${kind}`, { runId, epoch, role, reason });
    const said = { kind, runId, epoch, agentId, role, atMs: clock.nowMs(), reason };
    report(telemetry.stray(said, job));
  }

  #refuse({ kind, runId, epoch }: RunJob, why: Refusal): Refusal {
    this.refused[why] += 1;
    log('warn', `refused a job: ${why}`, { kind, runId, epoch, refused: this.refused });
    return why;
  }

  /** Forgets the oldest run that has no live part. */
  #remember(runId: string, run: Remembered): void {
    this.#runs.delete(runId);
    this.#runs.set(runId, run);
    for (const [oldRunId, old] of this.#runs) {
      if (this.#runs.size <= REMEMBERED_RUNS) return;
      if (liveSlots(old).length === 0) this.#runs.delete(oldRunId);
    }
  }
}

function liveSlots(run: Remembered | undefined): Slot[] {
  return [...(run?.parts.values() ?? [])].filter(
    (slot) => slot !== null && !slot.hasEnded,
  ) as Slot[];
}

function known(run: Remembered | undefined): KnownRun | undefined {
  if (run === undefined) return undefined;
  const parts = [...run.parts].map(
    ([role, slot]) => [role, slot === null || slot.hasEnded ? 'ended' : 'live'] as const,
  );
  return { epoch: run.epoch, parts: new Map(parts) };
}
