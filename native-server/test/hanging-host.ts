// Forked by probes.test.ts, with threads enough in libuv's pool: here the quick probes hang, all at
// once. Says how many still do when another probe, meanwhile, has answered.
import { setTimeout as delay } from 'node:timers/promises';
import { PROBES } from '@oversoak/contracts';
import { runProbe } from '../src/index.ts';

let hanging = 0;
for (const { name, quick } of PROBES) {
  if (!quick) continue;
  hanging += 1;
  runProbe(name, { plant: 'hang' }).finally(() => {
    hanging -= 1;
  });
}
const { name, outcome } = await runProbe('wait-takes-64-handles');
// A probe that gets round the planted calls would have answered by now.
await delay(1000);
process.send?.({ hanging, [outcome]: name });
