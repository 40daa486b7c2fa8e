import type { Log } from '../model/log.ts';
import { type Member, type RunRecord, working } from '../model/run-record.ts';
import type { Agents } from '../store/agents.ts';
import type { Runs } from '../store/runs.ts';
import type { Soaks } from '../store/soaks.ts';
import { cancelSoak } from './cancel-soak.ts';
import { overdue } from './deadlines.ts';
import type { Driver } from './driver.ts';
import type { EarlyStop } from './early-stop.ts';

/** How long the process that stored a version has to perform its effects. */
const EFFECTS_SLACK_MS = 2000;

/** Pure: working members whose lease is not held by the agent process that was allocated. */
export function lost(run: RunRecord, leases: ReadonlyMap<string, string | null>): Member[] {
  return working(run).filter(({ agentId, incarnation }) => leases.get(agentId) !== incarnation);
}

export interface WatchDeps {
  runs: Pick<Runs, 'atWork' | 'getAll'>;
  soaks: Pick<Soaks, 'get' | 'cancelling' | 'markCancelled' | 'cancelReached'>;
  agents: Pick<Agents, 'leases'>;
  driver: Pick<Driver, 'apply' | 'repair'>;
  earlyStop: Pick<EarlyStop, 'look' | 'keep'>;
  nowMs: () => Promise<number>;
  log: Log;
}

/**
 * Checks every active run about once a second. It detects lapsed leases, missing effects, lost
 * timers and missed `abort` thresholds, and it completes interrupted cancels. The dispatcher is
 * responsible for waiting runs.
 */
export class Watch {
  readonly #deps: WatchDeps;
  /** By run: the version whose effects are missing, and since when. */
  readonly #undone = new Map<string, { version: number; sinceMs: number }>();

  constructor(deps: WatchDeps) {
    this.#deps = deps;
  }

  /**
   * `judgeLeases` returns false while agents may not have had time to renew, because Redis was
   * unavailable. It is called after the leases were read: reading them may have waited for Redis.
   */
  async pass(judgeLeases: () => boolean): Promise<void> {
    const { runs, driver, earlyStop, nowMs } = this.#deps;
    await this.#cancels();
    const open = await runs.atWork();
    const now = await nowMs();
    await this.#leases(
      open.map(({ run }) => run),
      judgeLeases,
    );
    for (const { run } of open) await this.#guarded(run, () => earlyStop.look(run));
    for (const { run, effectedVersion } of open) {
      await this.#guarded(run, async () => {
        const { runId, state, deadlineMs } = run;
        if (deadlineMs !== null && overdue(deadlineMs, now)) {
          await driver.apply(runId, { kind: 'timer', state, deadlineMs });
        } else if (this.#abandoned(run, effectedVersion, now)) {
          await this.#repair(run);
        }
      });
    }
    const seen = new Set(open.map(({ run }) => run.runId));
    earlyStop.keep(seen);
    for (const runId of this.#undone.keys()) if (!seen.has(runId)) this.#undone.delete(runId);
  }

  /** An error in one run must not stop the pass for the others. */
  async #guarded(run: RunRecord, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#deps.log.error({ runId: run.runId, err: error }, 'could not check a run; retrying');
    }
  }

  async #leases(open: readonly RunRecord[], judge: () => boolean): Promise<void> {
    const { agents, driver, log } = this.#deps;
    const allocated = open.filter((run) => working(run).length > 0);
    const ids = new Set(allocated.flatMap((run) => run.gang.map(({ agentId }) => agentId)));
    const leases = await agents.leases([...ids]);
    if (!judge()) return;
    for (const run of allocated) {
      for (const { agentId, role } of lost(run, leases)) {
        log.warn({ runId: run.runId, agentId, role }, 'agent lost: its lease lapsed');
        const event = { kind: 'lost', who: { agentId, role } } as const;
        await this.#guarded(run, () => driver.apply(run.runId, event));
      }
    }
  }

  async #cancels(): Promise<void> {
    const { runs, soaks, driver, log } = this.#deps;
    for (const soakId of await soaks.cancelling()) {
      try {
        const stored = await soaks.get(soakId);
        if (stored === null) await soaks.cancelReached(soakId);
        else await cancelSoak(stored, { soaks, runs, driver });
      } catch (error) {
        log.error({ soakId, err: error }, 'could not cancel a soak; retrying');
      }
    }
  }

  #abandoned(run: RunRecord, effectedVersion: number, nowMs: number): boolean {
    if (effectedVersion >= run.version) {
      this.#undone.delete(run.runId);
      return false;
    }
    const seen = this.#undone.get(run.runId);
    if (seen?.version === run.version) return nowMs - seen.sinceMs > EFFECTS_SLACK_MS;
    this.#undone.set(run.runId, { version: run.version, sinceMs: nowMs });
    return false;
  }

  async #repair(run: RunRecord): Promise<void> {
    const { driver, log } = this.#deps;
    log.warn({ runId: run.runId, version: run.version }, 'effects are missing; repeating them');
    await driver.repair(run.runId);
    this.#undone.delete(run.runId);
  }
}
