import {
  agentQueue,
  cellKey,
  emptyHistogram,
  type Judgement,
  type Report,
  type RunJob,
  type RunResult,
} from '@oversoak/contracts';
import { cellFigures, countsForCell } from '../judge/cell-figures.ts';
import { type Histogram, measuredLatency } from '../judge/figures.ts';
import type { Judged } from '../judge/judge.ts';
import { judgeInWorker } from '../judge/judge-in-worker.ts';
import { assembleResult } from '../judge/result.ts';
import { UnusableAgentKeys } from '../model/agent-keys.ts';
import type { Log } from '../model/log.ts';
import type { RunLimits } from '../model/run-limits.ts';
import { type Member, publicRun, type RunRecord } from '../model/run-record.ts';
import { jobIdOf, type Queues } from '../queue/queues.ts';
import { abortJob, assignJob, startJob } from '../queue/run-jobs.ts';
import type { Outcome, Runs } from '../store/runs.ts';
import { type Soaks, specOfCell } from '../store/soaks.ts';
import { type Effect, effectsOf } from './effects.ts';
import { type ReportOutcome, reportStep } from './report-step.ts';
import type { OutsideInput, RunInput } from './run-inputs.ts';
import type { RunTracing } from './run-tracing.ts';
import { next, type Step } from './transitions.ts';

export interface DriverDeps {
  runs: Pick<
    Runs,
    'get' | 'getAll' | 'store' | 'keepReports' | 'effectsDone' | 'reports' | 'events' | 'result'
  >;
  soaks: Pick<Soaks, 'get'>;
  queues: Pick<Queues, 'dispatch' | 'timer' | 'send'>;
  traces: RunTracing;
  soakEnds: { notify(soakId: string): Promise<void> };
  nowMs: () => Promise<number>;
  limits: RunLimits;
  log: Log;
}

/** A run's result document and the number of reports it was built from. */
type Assembled = Omit<Outcome, 'figures'>;

/** What a step is stored with. */
interface StepInput {
  event: string;
  outcome?: Outcome | null;
  reports?: readonly Report[];
}

/** Few writers compete for one run: its reports, its timer, a cancel and other control planes. */
const MAX_CONFLICTS = 100;
/** As the reason of a member that failed. */
const TAKES_NO_JOB = 'what it made of its keys in Redis takes no job';

/** Applies events to runs: stores the resulting transition, then performs its effects. */
export class Driver {
  readonly #deps: DriverDeps;

  constructor(deps: DriverDeps) {
    this.#deps = deps;
  }

  /** Returns the run after the event, or null if the run does not exist. */
  async apply(runId: string, event: OutsideInput): Promise<RunRecord | null> {
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
      const run = await this.#step(runId, event, null);
      if (run !== 'conflict') return run;
    }
    throw new Error(`${runId}: ${MAX_CONFLICTS} other writers in a row while at "${event.kind}"`);
  }

  /**
   * Applies reports of one run, in their order, and keeps them for the judgement: those that leave
   * its state as it is, and the one that changes it, are stored in one step. Returns what became of
   * each, once everything that follows from them is done: a report may be confirmed then, and not
   * earlier. `decided`: called with the index of each report that is about to be stored.
   */
  async report(
    runId: string,
    reports: readonly Report[],
    decided: (index: number) => void,
  ): Promise<ReportOutcome[]> {
    const outcomes: ReportOutcome[] = [];
    for (let conflicts = 0; outcomes.length < reports.length; ) {
      const from = outcomes.length;
      const more = await this.#report(runId, reports.slice(from), (at) => decided(from + at));
      if (more !== null) outcomes.push(...more);
      else if (++conflicts === MAX_CONFLICTS) {
        throw new Error(`${runId}: ${MAX_CONFLICTS} other writers in a row while it was reported`);
      }
    }
    return outcomes;
  }

  /** One optimistic attempt with the first of the reports; null: another writer was first. */
  async #report(
    runId: string,
    reports: readonly Report[],
    decided: (index: number) => void,
  ): Promise<ReportOutcome[] | null> {
    const { runs, nowMs, limits } = this.#deps;
    // Asked for together, answered in this order: the time is not before the record.
    const [before, atMs] = await Promise.all([runs.get(runId), nowMs()]);
    const { run, effects, outcomes } = reportStep(before, reports, atMs, limits);
    const kept = reports.filter((_, index) => outcomes[index] === null);
    for (const [index, outcome] of outcomes.entries()) if (outcome === null) decided(index);
    if (before === null || run === null || kept.length === 0) return outcomes;
    if (run === before) return (await runs.keepReports(runId, kept)) ? outcomes : null;
    const kind = kept.at(-1)?.kind ?? 'report';
    const stored = await this.#store(before, { run, effects }, { event: kind, reports: kept });
    return stored === null ? null : outcomes;
  }

  /** One optimistic attempt on the stored version. `assembled`: the result that was judged. */
  async #step(
    runId: string,
    event: RunInput,
    assembled: Assembled | null,
  ): Promise<RunRecord | null | 'conflict'> {
    const { runs, nowMs, limits } = this.#deps;
    const [before, atMs] = await Promise.all([runs.get(runId), nowMs()]);
    if (before === null) return null;
    const step = next(before, event, atMs, limits);
    if (step === null) return before;
    const outcome = assembled === null ? null : await this.#outcome(step.run, assembled);
    return (await this.#store(before, step, { event: event.kind, outcome })) ?? 'conflict';
  }

  /** Stores a step, then performs its effects. `event`: its kind. null: another writer was first. */
  async #store(
    before: RunRecord,
    step: NonNullable<Step>,
    { event, outcome = null, reports = [] }: StepInput,
  ): Promise<RunRecord | null> {
    const { runs, traces, log } = this.#deps;
    const change = await traces.change(before, step.run);
    const { run } = change;
    const acts = step.effects.length > 0;
    if (!(await runs.store(before, run, outcome, { reports, acts }))) return null;
    change.stored(outcome?.result ?? null);
    if (run.state !== before.state) {
      const { runId, state, version } = run;
      log.info({ runId, state, version, event }, 'run changed its state');
    }
    if (acts) await this.#act(run, step.effects, event === 'recovered');
    return run;
  }

  /** Repeats the effects of a stored run: the process that stored it may have died before them. */
  async repair(runId: string): Promise<void> {
    const run = await this.#deps.runs.get(runId);
    if (run !== null) await this.#act(run, effectsOf(run), true);
  }

  /** `again`: the effects may already have been performed. */
  async #act(run: RunRecord, effects: readonly Effect[], again: boolean): Promise<void> {
    const unreached: Member[] = [];
    for (const effect of effects) unreached.push(...(await this.#do(run, effect, again)));
    // Nobody waits for an agent that cannot know that it is waited for.
    for (const { agentId, role } of unreached) {
      const event = { kind: 'failed', who: { agentId, role }, reason: TAKES_NO_JOB } as const;
      await this.apply(run.runId, event);
    }
    await this.#deps.runs.effectsDone(run);
  }

  /** Returns the members whose job could not be put into the queue of their agent. */
  async #do(run: RunRecord, effect: Effect, again: boolean): Promise<Member[]> {
    const { queues, soakEnds, nowMs } = this.#deps;
    switch (effect.kind) {
      case 'assign': {
        const { soak, spec } = await this.#soak(run);
        const schedule = soak.origin.kind === 'schedule' ? soak.origin.schedule : null;
        const jobs = effect.members.map((member) => ({
          member,
          job: assignJob(run, spec, member, schedule),
          name: `assign-${member.role}`,
        }));
        return await this.#sendAll(run, jobs, effect.members, again);
      }
      case 'start': {
        const jobs = oneOfEachAgent(effect.members).map((member) => ({
          ...{ member, job: startJob(run, member), name: 'start' },
        }));
        return await this.#sendAll(run, jobs, effect.members, again);
      }
      case 'abort': {
        const jobs = oneOfEachAgent(effect.members).map((member) => ({
          ...{ member, job: abortJob(run, member, effect.reason), name: 'abort' },
        }));
        return await this.#sendAll(run, jobs, effect.members, again);
      }
      case 'timer':
        await queues.timer(run, effect.atMs, await nowMs());
        return [];
      case 'judge':
        await this.#judge(run);
        return [];
      case 'dispatch':
        await queues.dispatch(`${run.runId}-${run.version}`);
        return [];
      case 'notifySoakEnd':
        await soakEnds.notify(run.soakId);
        return [];
    }
  }

  /** Returns those of the members whose agent takes no job. */
  async #sendAll(
    run: RunRecord,
    jobs: readonly { member: Member; job: RunJob; name: string }[],
    members: readonly Member[],
    again: boolean,
  ): Promise<Member[]> {
    const unreached = new Set<string>();
    const send = async ({ member: { agentId }, job, name }: (typeof jobs)[number]) => {
      try {
        await this.#send(run, agentId, job, name, again);
      } catch (error) {
        if (!(error instanceof UnusableAgentKeys)) throw error;
        this.#deps.log.warn({ runId: run.runId, agentId, err: error }, 'an agent takes no job');
        unreached.add(agentId);
      }
    };
    await Promise.all(jobs.map(send));
    return members.filter(({ agentId }) => unreached.has(agentId));
  }

  async #send(run: RunRecord, agentId: string, job: RunJob, name: string, again: boolean) {
    const { queues, traces } = this.#deps;
    const message = { queue: agentQueue(agentId), jobId: jobIdOf(job, name) };
    const { trace, sent } = await traces.sending(run, message, again);
    await queues.send(agentId, trace === undefined ? job : { ...job, trace }, name);
    sent();
  }

  /** Judges again if a report arrived meanwhile: a verdict must match the result stored with it. */
  async #judge({ runId }: RunRecord): Promise<void> {
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
      const run = await this.#deps.runs.get(runId);
      if (run === null || run.state !== 'judging') return;
      const assembled = await this.#assemble(run);
      const judged = await this.#judged(run, assembled.result);
      const result = { ...assembled.result, evidence: judged.evidence };
      const stored = await this.#step(
        runId,
        { kind: 'judged', ...judged },
        { ...assembled, result },
      );
      if (stored !== 'conflict') return;
    }
    throw new Error(`${runId}: ${MAX_CONFLICTS} other writers in a row while it was judged`);
  }

  /** An exception in the judge must not block the run and its agents for ever. */
  async #judged({ runId, ending }: RunRecord, result: RunResult): Promise<Judged> {
    try {
      return await judgeInWorker(result, ending);
    } catch (error) {
      this.#deps.log.error({ runId, err: error }, 'the result could not be judged');
      const message = error instanceof Error ? error.message : String(error);
      const reasons = [`the result could not be judged: ${message}`];
      return { judgement: { verdict: 'inconclusive', reasons, loadSound: false }, evidence: null };
    }
  }

  /** The final result, stored together with the transition to `done`. */
  async #outcome(run: RunRecord, { result, reports }: Assembled): Promise<Outcome> {
    const { judgement, notes, stateSinceMs } = run;
    if (judgement === null) throw new Error(`${run.runId} is done without a judgement`);
    const events = [...result.events, { state: run.state, atMs: Math.floor(stateSinceMs) }];
    const whole = { ...result, run: publicRun(run), notes, events };
    return { result: whole, reports, figures: await this.#figures(run, whole, judgement) };
  }

  /** As in the judge, an exception here must not block the run. */
  async #figures(run: RunRecord, result: RunResult, judgement: Judgement) {
    const { runId, stateSinceMs } = run;
    try {
      if (!countsForCell(result, judgement)) return null;
      return cellFigures(result, judgement, stateSinceMs, await this.#earlierLatency(run));
    } catch (error) {
      this.#deps.log.error({ runId, err: error }, 'could not compute the figures of a cell');
      return null;
    }
  }

  /** Of the other repeats of the run's cell that are done. */
  async #earlierLatency(run: RunRecord): Promise<Histogram> {
    const { runs } = this.#deps;
    const latency = emptyHistogram();
    const { soak } = await this.#soak(run);
    const key = cellKey(run.cell);
    for (const { runId, cell, state, judgement } of await runs.getAll(soak.runIds)) {
      if (runId === run.runId || cellKey(cell) !== key) continue;
      if (state !== 'done' || !judgement?.loadSound) continue;
      const result = await runs.result(runId);
      if (result === null || !countsForCell(result, judgement)) continue;
      latency.add(measuredLatency(result, 'intended'));
    }
    return latency;
  }

  async #assemble(run: RunRecord): Promise<Assembled> {
    const { runs } = this.#deps;
    const events = await runs.events(run.runId);
    const reports = await runs.reports(run.runId);
    const { spec } = await this.#soak(run);
    const result = assembleResult(run, spec, reports, events);
    return { result, reports: reports.length };
  }

  async #soak(run: RunRecord) {
    const stored = await this.#deps.soaks.get(run.soakId);
    if (stored === null) throw new Error(`${run.runId} belongs to ${run.soakId}, which is gone`);
    const { soak } = stored;
    return { soak, spec: specOfCell(soak, run.cell) };
  }
}

/** One start or abort job covers every role an agent has in the run. */
function oneOfEachAgent(members: readonly Member[]): Member[] {
  return [...new Map(members.map((member) => [member.agentId, member])).values()];
}
