// The dry engine, held where a test orders it, so that a run stays in a state for as long as a fault
// needs. Everything else of the cluster is the real thing.
import { pathToFileURL } from 'node:url';
import type { Engine } from '@oversoak/agent';
import { DRY_ENGINE } from '@oversoak/testing/dry/index';
import { orders } from './orders.ts';

const POLL_MS = 20;

const dry = (await import(pathToFileURL(DRY_ENGINE).href)) as Engine;

export const { version, capabilities, processFigures, heapHoles } = dry;

/** Blocks as a bind that does not return; gives up when the agent is gone. */
function holdPrepare(): void {
  const agentPid = process.ppid;
  const never = new Int32Array(new SharedArrayBuffer(4));
  while (orders().hold === 'prepare') {
    if (process.ppid !== agentPid) process.exit(0);
    Atomics.wait(never, 0, 0, POLL_MS);
  }
}

export const startServer: Engine['startServer'] = (options) => {
  holdPrepare();
  const handle = dry.startServer(options);
  // A server waits for the fleets to leave.
  const snapshot = () => {
    const figures = handle.snapshot();
    const live = orders().hold === 'end' ? 1 : 0;
    return { ...figures, sessions: { ...figures.sessions, live } };
  };
  return { ...handle, snapshot };
};

export const startFleet: Engine['startFleet'] = (options) => {
  const handle = dry.startFleet(options);
  return {
    ...handle,
    stop: async (stop) => {
      while (orders().hold === 'end') await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      return handle.stop(stop);
    },
  };
};
