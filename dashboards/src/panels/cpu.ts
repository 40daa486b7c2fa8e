import { by, CELL, CELL_LEGEND, is, legend, ofRuns, on, perSecond } from '../query/promql.ts';
import { type Panel, promQuery, stacked, timeSeries } from './panel.ts';
import { echoesPerSecond } from './rates.ts';

const SERVER = { 'oversoak.role': is('server') } as const;
const CPU = ofRuns('oversoak.thread.cpu', SERVER);

/** The server's CPU time per echo. */
export function cpuPerEcho(): Panel {
  return timeSeries({
    title: 'CPU time of the server for one echo',
    description:
      'User and kernel time of all native threads of the server, divided by the echoes that the fleet received. (A comparison divides by those that the server sent in the measurement.) Lower is better: more of the machine is left for the game. Under Wine, the work of the wineserver, a separate process, is not included.',
    unit: 's',
  }).withTarget(promQuery(cpuTimePerEcho('$__rate_interval'), CELL_LEGEND));
}

/** Server and fleet export at moments of their own, so each is divided by its own time first. */
function cpuTimePerEcho(window: '$__rate_interval' | '$__range'): string {
  const cpu = perSecond(CPU, { of: 'server', runs: CELL, window });
  return `(${cpu}) / ${on(...CELL)} (${echoesPerSecond(window)})`;
}

/** CPU time per echo over the whole time range. */
export const cpuPerEchoOfRange = (): string => cpuTimePerEcho('$__range');

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
      perSecond(CPU, {
        of: 'server',
        runs: ['oversoak.cell', 'oversoak.platform'],
        each: ['oversoak.thread'],
      }),
      legend('oversoak.thread', 'oversoak.cell', 'oversoak.platform'),
    ),
  );
}

/** The busiest thread of each cell. */
export function busiestThread(): Panel {
  const load = perSecond(CPU, { of: 'server', runs: CELL, each: ['oversoak.thread'] });
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
    promQuery(
      perSecond(CPU, { of: 'server', each: ['oversoak.cpu.mode'] }),
      legend('oversoak.cpu.mode'),
    ),
  );
}
