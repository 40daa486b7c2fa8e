import {
  by,
  CELL,
  CELL_LEGEND,
  increase,
  is,
  legend,
  ofAllRuns,
  ofRuns,
  rate,
} from '../query/promql.ts';
import { type Panel, promQuery, stacked, timeSeries } from './panel.ts';

const SERVER = { 'oversoak.role': is('server') } as const;
const CPU = ofRuns('oversoak.thread.cpu', SERVER);

/** The server's CPU time per echo. */
export function cpuPerEcho(): Panel {
  return timeSeries({
    title: 'CPU time of the server for one echo',
    description:
      'User and kernel time of all native threads of the server, divided by the echoes. Lower is better: more of the machine is left for the game. Under Wine, the work of the wineserver, a separate process, is not included.',
    unit: 's',
  }).withTarget(
    promQuery(
      `sum ${by(...CELL)} (${rate(CPU)}) / sum ${by(...CELL)} (${rate(ofAllRuns('oversoak.messages.echoed'))})`,
      CELL_LEGEND,
    ),
  );
}

/** CPU time per echo over the whole time range. */
export function cpuPerEchoOfRange(): string {
  return `sum ${by(...CELL)} (${increase(CPU)}) / sum ${by(...CELL)} (${increase(ofAllRuns('oversoak.messages.echoed'))})`;
}

/** Maximum number of native threads that each cell's server ran. */
export function threadsOfRange(): string {
  const threads = `count ${by(...CELL, 'oversoak.agent.id')} (count ${by(...CELL, 'oversoak.agent.id', 'oversoak.thread')} (last_over_time(${CPU}[$__range])))`;
  return `max ${by(...CELL)} (${threads})`;
}

/** The load of each server thread of the chosen run. */
export function threadLoad(): Panel {
  return timeSeries({
    title: 'Load of each thread of the server',
    description:
      'CPU time of a thread, user and kernel, as a share of one core. A thread near 100 % is the bottleneck, whatever the others do. accept: takes connections; io-N: IO threads; the others: content threads, by content and channel.',
    unit: 'percentunit',
  }).withTarget(
    promQuery(
      `sum ${by('oversoak.cell', 'oversoak.platform', 'oversoak.thread')} (${rate(CPU)})`,
      legend('oversoak.thread', 'oversoak.cell', 'oversoak.platform'),
    ),
  );
}

/** The busiest thread of each cell. */
export function busiestThread(): Panel {
  const load = `sum ${by(...CELL, 'oversoak.agent.id', 'oversoak.thread')} (${rate(CPU)})`;
  return timeSeries({
    title: 'Busiest thread of the server',
    description:
      'Share of a core that the busiest native thread of each cell uses. At 100 % it is saturated: queues grow, and more load means more latency, not more echoes.',
    unit: 'percentunit',
  }).withTarget(promQuery(`max ${by(...CELL)} (${load})`, CELL_LEGEND));
}

/** The server's CPU time in user and kernel mode. */
export function cpuByMode(): Panel {
  return stacked({
    title: 'CPU of the server, user and kernel',
    description:
      "Cores that the server's native threads use, in user and in kernel mode. Notification models differ mostly in kernel time.",
    unit: 'suffix: cores',
  }).withTarget(
    promQuery(`sum ${by('oversoak.cpu.mode')} (${rate(CPU)})`, legend('oversoak.cpu.mode')),
  );
}
