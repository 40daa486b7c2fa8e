// Preloaded into the control plane and the agents (--require): writes a line with the JavaScript
// heap to stderr every ten seconds. Not active in hosts, because they are what is measured.
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const EVERY_MS = 10_000;
const STDERR = 2;

if (isMainThread && process.send === undefined) {
  setInterval(() => {
    const heapBytes = process.memoryUsage().heapUsed;
    writeSync(STDERR, `${JSON.stringify({ heapAtMs: Date.now(), heapBytes })}\n`);
  }, EVERY_MS).unref();
}
