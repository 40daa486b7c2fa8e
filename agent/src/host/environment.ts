import { cpus, hostname, totalmem } from 'node:os';
import type { Environment } from '@oversoak/contracts';
import { crashText, type ForkHost, type HostListener } from './host-process.ts';

/** Self-tests of every notifier, on a machine that may be busy. */
const CAPABILITIES_MS = 60_000;

export interface Gathered {
  environment: Environment;
  /**
   * Forks hosts; the first is the one that was asked here, which saves a start. Whoever takes it
   * kills it.
   */
  fork: ForkHost;
}

/**
 * Asked in a process of its own: native code that crashes here must not take the agent down.
 * @throws Error when the engine does not work here
 */
export function gatherEnvironment(fork: ForkHost, engine: string): Promise<Gathered> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`the engine did not tell its capabilities in ${CAPABILITIES_MS / 1000} s`));
      host.kill();
    }, CAPABILITIES_MS);
    let isThere = true;
    let listener: HostListener = {
      onMessage: (message) => {
        if (message.kind === 'failed') reject(new Error(message.reason));
        if (message.kind !== 'capabilities') return;
        clearTimeout(timer);
        const { capabilities, addonVersion } = message;
        const environment = {
          hostname: hostname(),
          cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
          memoryBytes: totalmem(),
          nodeVersion: process.version,
          addonVersion,
          capabilities,
        };
        resolve({ environment, fork: forkNext });
      },
      onExit: (exit) => {
        clearTimeout(timer);
        // Changes nothing when it has answered before.
        reject(new Error(`the engine crashed at its self-test: ${crashText(exit)}`));
      },
    };
    const host = fork({
      onMessage: (message) => listener.onMessage(message),
      onExit: (exit) => {
        isThere = false;
        listener.onExit(exit);
      },
    });
    const forkNext: ForkHost = (next) => {
      if (!isThere) return fork(next);
      isThere = false;
      listener = next;
      return host;
    };
    host.send({ kind: 'capabilities', engine });
  });
}
