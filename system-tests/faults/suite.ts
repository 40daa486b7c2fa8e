import { after, describe, it } from 'node:test';
import type { Case } from './cases.ts';
import { FaultCluster } from './cluster.ts';
import { faultNamed } from './faults.ts';
import { runCase } from './run-case.ts';

/** Clusters at a time: a case waits most of the time, and more do not go faster on two cores. */
const CLUSTERS = 4;

/** A test for each case. A cluster serves one after the other; one that failed is not used again. */
export function suite(name: string, cases: readonly Case[]): void {
  const idle: FaultCluster[] = [];
  describe(name, { concurrency: CLUSTERS }, () => {
    after(() => Promise.all(idle.map((cluster) => cluster.stop())));
    for (const each of cases) {
      const how = each.long ? ', in a run that outlasts it' : '';
      it(`${each.at}: ${faultNamed(each.fault).title}${how}`, async () => {
        const cluster = idle.pop() ?? (await FaultCluster.start());
        try {
          await runCase(cluster, each);
          idle.push(cluster);
        } catch (error) {
          await cluster.fail();
          throw error;
        }
      });
    }
  });
}
