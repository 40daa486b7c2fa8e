// Runs whose verdicts are tested, and what befalls their fleet meanwhile.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { ComparedCell } from '@oversoak/contracts';
import { hostProcesses } from '../e2e/demo-process.ts';
import { RunningCluster } from '../e2e/running-cluster.ts';
import { type Disturbance, LATE_PERCENTILE, ofFleet } from './disturbance.ts';

export const PHASES = {
  rampUpSeconds: 0.5,
  warmUpSeconds: 0.5,
  measureSeconds: 6,
  drainSeconds: 5,
};
export const WORKLOAD = {
  ...{ ratePerSecond: 200, overSend: 64 },
  ...{ minFrameBytes: 32, maxFrameBytes: 64 },
};

const TRIES = 4;
/** The agent that takes fleets. */
const FLEETS = 'agent-b';

/** What the test does to a run while that is in a state. */
interface Meanwhile {
  during?: 'warming' | 'measuring';
  act?: () => Promise<void>;
}

/** How often a fleet is stopped, in milliseconds. */
interface Stops {
  times?: number;
  everyMs?: number;
  /** After the search for its process, which disturbs a server of the test's own process. */
  afterMs?: number;
}

export class VerdictCluster {
  readonly #cluster: RunningCluster;

  private constructor(cluster: RunningCluster) {
    this.#cluster = cluster;
  }

  static async start(): Promise<VerdictCluster> {
    return new VerdictCluster(await RunningCluster.start());
  }

  stop(): Promise<void> {
    return this.#cluster.stop();
  }

  async outcome(
    context: TestContext,
    spec: object,
    { during = 'measuring', act = async () => {} }: Meanwhile = {},
  ): Promise<ComparedCell> {
    const described = { workload: WORKLOAD, phases: PHASES, ...spec };
    const soak = await this.#cluster.submit(context, described);
    await soak.says(new RegExp(`: ${during}$`, 'm'));
    await act();
    await soak.exitCode();
    return this.#cluster.onlyCell(context, soak);
  }

  /** That of a run which the machine let be; after all tries that of the last. */
  async undisturbed(
    context: TestContext,
    makeSpec: () => Promise<object>,
    disturbance: Disturbance = ofFleet,
    meanwhile?: Meanwhile,
  ): Promise<ComparedCell> {
    for (let tries = 1; ; tries += 1) {
      const lateness = monitorEventLoopDelay({ resolution: 1 });
      lateness.enable();
      const cell = await this.outcome(context, await makeSpec(), meanwhile);
      lateness.disable();
      const why = disturbance(cell, lateness.percentile(LATE_PERCENTILE) / 1e6);
      if (why === null || tries === TRIES) return cell;
      context.diagnostic(`run ${tries} of at most ${TRIES}: ${why}`);
    }
  }

  async stopFleet(
    forMs: number,
    { times = 1, everyMs = 0, afterMs = 0 }: Stops = {},
  ): Promise<void> {
    const [fleet, ...others] = await hostProcesses(join(this.#cluster.footprint.folder, FLEETS));
    assert.ok(fleet !== undefined && others.length === 0, 'one host process: the fleet');
    await delay(afterMs);
    for (let stop = 0; stop < times; stop++) {
      // A run that the machine disturbed may have been ended by then.
      if (!signalled(fleet, 'SIGSTOP')) return;
      await delay(forMs);
      if (!signalled(fleet, 'SIGCONT')) return;
      await delay(Math.max(0, everyMs - forMs));
    }
  }
}

/** false: there is no such process any more. */
function signalled(pid: number, signal: 'SIGSTOP' | 'SIGCONT'): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}
