import { prometheusLabel } from '@oversoak/contracts';
import { CELL } from '../query/promql.ts';
import { cpuPerEchoOfRange, threadsOfRange } from './cpu.ts';
import { errorsPerMillionOfRange } from './errors.ts';
import { meanOfRange, quantileOfRange } from './latency.ts';
import { workingSetOfRange } from './memory.ts';
import { type Panel, promRows, rows } from './panel.ts';
import { sentShareOfRange } from './rates.ts';

interface Column {
  name: string;
  unit: string;
  expr: string;
}

function columns(): Column[] {
  return [
    { name: 'mean', unit: 's', expr: meanOfRange(CELL) },
    { name: 'p50', unit: 's', expr: quantileOfRange(0.5) },
    { name: 'p99', unit: 's', expr: quantileOfRange(0.99) },
    { name: 'p99.9', unit: 's', expr: quantileOfRange(0.999) },
    { name: 'sent of due', unit: 'percentunit', expr: sentShareOfRange() },
    { name: 'errors in a million echoes', unit: 'none', expr: errorsPerMillionOfRange() },
    { name: 'CPU per echo', unit: 's', expr: cpuPerEchoOfRange() },
    { name: 'threads', unit: 'none', expr: threadsOfRange() },
    { name: 'memory', unit: 'bytes', expr: workingSetOfRange() },
  ];
}

/** The cells compared over the whole time range. */
export function glance(): Panel {
  const panel = rows({
    title: 'Cells at a glance',
    description:
      'One row per cell, over the visible time range; repeats of a cell are combined. Latency: from the intended send time, merged by counts. Sent of due: below 100 % the server, or the fleet, did not keep up. CPU per echo: CPU time of the server. Threads: the threads that ran; event needs one per 63 sessions. Memory: the largest resident size. Compare cells of one platform only.',
    unit: 'none',
  });
  const names: Record<string, string> = {
    [prometheusLabel('oversoak.cell')]: 'cell',
    [prometheusLabel('oversoak.platform')]: 'platform',
  };
  for (const [index, { name, unit, expr }] of columns().entries()) {
    const refId = String.fromCharCode('A'.charCodeAt(0) + index);
    panel.withTarget(promRows(expr).refId(refId));
    panel.overrideByName(name, [{ id: 'unit', value: unit }]);
    names[`Value #${refId}`] = name;
  }
  // The cell's name already includes both.
  const hidden = { Time: true, [prometheusLabel('oversoak.notifier')]: true };
  const excludeByName = { ...hidden, [prometheusLabel('oversoak.layout')]: true };
  return panel
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'organize', options: { excludeByName, renameByName: names } });
}
