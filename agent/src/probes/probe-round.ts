import { findProbe, inconclusiveAnswer, type Probe, type ProbeAnswer } from '@oversoak/contracts';
import { machineMs } from '../host/clock.ts';
import { Deadline } from '../host/deadline.ts';
import type { ForkHost, HostProcess } from '../host/host-process.ts';
import type { FromHost } from '../host/messages.ts';
import { log } from '../log/log.ts';
import {
  begin,
  next,
  type RoundEffect,
  type RoundEvent,
  type RoundState,
  type Settled,
} from './round-state.ts';

/**
 * From the request to the host process until a probe begins: a process starts and loads the engine,
 * on a busy machine.
 */
const START_MS = 20_000;
/** A killed process exits at once, unless the operating system holds it. */
const KILL_MS = 1_500;

export interface RoundContext {
  engine: string;
  fork: ForkHost;
  /** Called when a probe begins. */
  started?(probe: Probe): void;
  /** null: the engine has no probes. */
  answered(probe: Probe, answer: ProbeAnswer | null): void;
}

/** Runs probes one after the other in host processes, each within its deadline. */
export class ProbeRound {
  /**
   * Resolves when all probes have answers or the round was stopped, and the last host process is
   * gone.
   */
  readonly over: Promise<void>;
  readonly #context: RoundContext;
  readonly #deadline = new Deadline();
  readonly #resolveOver: () => void;
  #state: RoundState = { name: 'over' };
  #host: HostProcess | undefined;
  #requestedAtMs = 0;

  /** `probes`: names of the catalogue, in execution order. */
  constructor(probes: readonly string[], context: RoundContext) {
    this.#context = context;
    const over = Promise.withResolvers<void>();
    this.over = over.promise;
    this.#resolveOver = over.resolve;
    this.#enter(begin(probes));
  }

  /** Ends the running probe; the remaining ones stay unanswered. */
  stop(): void {
    this.#happened({ kind: 'stop' });
  }

  #received(message: FromHost): void {
    switch (message.kind) {
      case 'probing':
      case 'probed':
      case 'failed':
        this.#happened(message);
        break;
      default:
        log('error', 'a probing host sent an unexpected message', { kind: message.kind });
    }
  }

  #happened(event: RoundEvent): void {
    if (this.#state.name !== 'over') this.#enter(next(this.#state, event));
  }

  #enter({ state, effects }: ReturnType<typeof next>): void {
    const changed = state !== this.#state;
    this.#state = state;
    for (const effect of effects) this.#apply(effect);
    if (!changed) return;
    const overdue = () => this.#happened({ kind: 'overdue' });
    switch (state.name) {
      case 'starting':
        this.#deadline.arm(START_MS, overdue);
        break;
      case 'running': {
        const probe = known(state.probe);
        this.#context.started?.(probe);
        this.#deadline.arm(probe.deadlineSeconds * 1000, overdue);
        break;
      }
      case 'ending':
        this.#deadline.arm(KILL_MS, overdue);
        break;
      case 'over':
        this.#deadline.cancel();
        this.#resolveOver();
        break;
    }
  }

  #apply(effect: RoundEffect): void {
    const { engine } = this.#context;
    switch (effect.kind) {
      case 'fork':
        this.#fork();
        break;
      case 'request':
        this.#requestedAtMs = machineMs();
        this.#host?.send({ kind: 'probe', engine, name: effect.probe });
        break;
      case 'kill':
        this.#host?.kill();
        break;
      case 'settle':
        this.#settle(known(effect.probe), effect.settled);
        break;
    }
  }

  #settle(probe: Probe, settled: Settled): void {
    if (settled.kind === 'answered') {
      this.#context.answered(probe, settled.answer);
      return;
    }
    const { why } = settled;
    log('warn', 'a probe has no answer', { probe: probe.name, reason: why });
    const elapsedMs = machineMs() - this.#requestedAtMs;
    this.#context.answered(probe, inconclusiveAnswer(probe, why, elapsedMs));
  }

  /** Messages from a previous host process are ignored. */
  #fork(): void {
    const host: HostProcess = this.#context.fork({
      onMessage: (message) => {
        if (host === this.#host) this.#received(message);
      },
      onExit: (exit) => {
        if (host === this.#host) this.#happened({ kind: 'exited', exit });
      },
    });
    this.#host = host;
  }
}

function known(name: string): Probe {
  const probe = findProbe(name);
  if (probe === undefined) throw new Error(`there is no probe "${name}"`);
  return probe;
}
