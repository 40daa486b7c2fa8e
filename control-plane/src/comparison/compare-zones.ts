import {
  type ComparedZones,
  type FleetResult,
  mergeHistograms,
  type RunResult,
  type ServerFigures,
  type ServerResult,
  type ServerZoneFigures,
  summarise,
  type ThreadFigures,
} from '@oversoak/contracts';
import { deliveriesOf, ticksOf, waitsOf } from '../judge/figures.ts';
import { largest, ratio, sum } from '../judge/pooled.ts';
import { cpuPerDeliveryUs, grownInAll, issued, numbered } from '../prediction/server-formulas.ts';

const isIo = ({ name }: ThreadFigures) => name.startsWith('io-');
const isOfContent = ({ name }: ThreadFigures) => !name.startsWith('io-') && name !== 'accept';

/** The zones of a cell's repeats; null where its servers have none. */
export function comparedZones(results: readonly RunResult[]): ComparedZones | null {
  const servers = results.flatMap(({ server }) => (server === null ? [] : [server]));
  if (!servers.some(({ figures }) => figures.final.zones !== undefined)) return null;
  const fleets = results.flatMap((result) => Object.values(result.fleets));
  const grown = (count: (figures: ServerFigures) => number) => grownInAll(servers, count);
  const zones = (name: keyof ServerZoneFigures) => grown((figures) => figures.zones?.[name] ?? 0);
  const final = (name: keyof ServerZoneFigures) =>
    servers.map(({ figures }: ServerResult) => figures.final.zones?.[name] ?? 0);
  const received = grown(({ frames }) => frames.received);
  const copies = zones('copies');
  const toZones = grown(numbered);
  const measured = results.map(deliveriesOf);
  const ticks = results.map(ticksOf);
  const lateness = servers.flatMap((server) => waitsOf(server).tickLateness);
  return {
    deliveries: copies,
    deliveryRate: ratio(copies, sum(servers.map(({ measuredSeconds }) => measuredSeconds))),
    latency: summarise(mergeHistograms(measured.flatMap(({ latency }) => latency))),
    lastMember: summarise(mergeHistograms(measured.flatMap(({ lastMember }) => lastMember))),
    untimed: sum(measured.map(({ untimed }) => untimed)),
    ticks: zones('ticks'),
    ticksSkipped: zones('ticksSkipped'),
    tickDeliveries: sum(ticks.map(({ count, untimed }) => count + untimed)),
    tickLatency: summarise(mergeHistograms(ticks.flatMap(({ latency }) => latency))),
    tickLateness: summarise(mergeHistograms(lateness)),
    perBroadcast: ratio(copies, toZones),
    mailsPerBroadcast: ratio(zones('mailed'), toZones),
    sendsPerReceive: ratio(
      grown(({ sends }) => issued(sends)),
      received,
    ),
    bytesPerReceive: ratio(
      grown(({ bytes }) => bytes.sent),
      received,
    ),
    cpuPerDeliveryUs: cpuPerDeliveryUs(servers),
    ioCpuPerDeliveryUs: cpuPerDeliveryUs(servers, isIo),
    contentCpuPerDeliveryUs: cpuPerDeliveryUs(servers, isOfContent),
    backlogMaxBytes: largest(final('backlogMaxBytes')) ?? 0,
    payloads: largest(final('payloads')) ?? 0,
    dropped: sum(final('dropped')),
    replaced: sum(final('replaced')),
    closed: sum(final('closed')),
    skipped: sum(fleets.map(({ figures }: FleetResult) => figures.final.zones?.skipped ?? 0)),
  };
}
