import { cpus, hostname, totalmem } from 'node:os';
import type { Environment } from '@oversoak/contracts';
import { crashText, type ForkHost, type HostListener } from './host-process.ts';

/** Only to end a hang: the self-tests of every notifier on a very busy machine take minutes. */
const CAPABILITIES_MS = 10 * 60_000;

export interface HostEnvironment {
  environment: Environment;
  /**
   * Forks host processes. The first one is the process that was queried here, which saves a start.
   * The caller that takes it must kill it.
   */
  fork: ForkHost;
}

/**
 * Queries the engine in a separate process, so that a crash of native code does not take the agent
 * down.
 * @throws Error when the engine does not work on this machine
 */
export function gatherEnvironment(fork: ForkHost, engine: string): Promise<HostEnvironment> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new Error(`the engine did not report its capabilities within ${CAPABILITIES_MS / 1000} s`),
      );
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
        // No effect if the engine has already answered.
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
