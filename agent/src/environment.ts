import { cpus, hostname, totalmem } from 'node:os';
import type { Environment } from '@oversoak/contracts';
import { crashText, type ForkHost } from './host-process.ts';

/** Self-tests of every notifier, on a machine that may be busy. */
const CAPABILITIES_MS = 60_000;

/** Asked in a process of its own: native code that crashes here must not take the agent down. */
export function gatherEnvironment(fork: ForkHost, engine: string): Promise<Environment> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`the engine did not tell its capabilities in ${CAPABILITIES_MS / 1000} s`));
      host.kill();
    }, CAPABILITIES_MS);
    const host = fork({
      onMessage: (message) => {
        if (message.kind === 'failed') reject(new Error(message.reason));
        if (message.kind !== 'capabilities') return;
        const { capabilities, addonVersion } = message;
        resolve({
          hostname: hostname(),
          cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
          memoryBytes: totalmem(),
          nodeVersion: process.version,
          addonVersion,
          capabilities,
        });
      },
      onExit: (exit) => {
        clearTimeout(timer);
        // Changes nothing when it has answered before.
        reject(new Error(`the engine crashed at its self-test: ${crashText(exit)}`));
      },
    });
    host.send({ kind: 'capabilities', engine });
  });
}
