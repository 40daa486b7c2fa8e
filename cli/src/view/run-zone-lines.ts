import {
  count,
  type FleetFigures,
  hasTicks,
  mergeHistograms,
  milliseconds,
  type RunResult,
  type ServerZoneFigures,
  summarise,
  withUnit,
} from '@oversoak/contracts';
import { policyText } from './zone-lines.ts';

/** What happened in the zones of a run; empty without zones. */
export function runZoneLines(result: Pick<RunResult, 'server' | 'fleets'> | null): string[] {
  const server = result?.server?.figures.final.zones;
  const fleets = Object.values(result?.fleets ?? {}).map(({ figures }) => figures.final);
  if (server === undefined) return [];
  const sum = (of: 'deliveries' | 'own' | 'ticks' | 'skipped') =>
    fleets.reduce((total, { zones }) => total + (zones?.[of] ?? 0), 0);
  const timed = fleets.flatMap(({ measured }) => measured.deliveries ?? []);
  const untimed = timed.reduce((total, each) => total + each.untimed, 0);
  return [
    `Zones     ${count(server.broadcasts)} broadcasts, ${count(server.copies)} deliveries queued, ${count(server.mailed)} mailbox messages`,
    `          ${count(sum('deliveries'))} deliveries came, ${count(sum('own'))} of them to their sender; left out by policy: ${policyText(server)}, told to the members: ${count(sum('skipped'))}`,
    `          backlog of the slowest member: ${count(server.backlogMaxBytes)} B at most; payloads alive at once: ${count(server.payloads)} at most`,
    ...latencyLines(
      'until a member has it',
      timed.map(({ latency }) => latency),
    ),
    ...latencyLines(
      'until the last member has it',
      timed.flatMap(({ lastMember }) => lastMember ?? []),
    ),
    ...(untimed === 0 ? [] : [`          ${count(untimed)} deliveries are in no latency`]),
    ...(hasTicks(server) ? tickLines(server, sum('ticks'), timed) : []),
  ];
}

type Deliveries = NonNullable<FleetFigures['measured']['deliveries']>;

function tickLines(
  { ticks, ticksSkipped }: ServerZoneFigures,
  came: number,
  deliveries: readonly Deliveries[],
): string[] {
  const measured = deliveries.flatMap((of) => of.ticks ?? []);
  const untimed = measured.reduce((total, each) => total + each.untimed, 0);
  const apart = measured.some(({ clock }) => clock === 'other');
  const why = apart ? ': server and fleet read two clocks' : '';
  return [
    `          ${count(ticks)} ticks, ${count(ticksSkipped)} skipped; ${count(came)} deliveries of ticks came`,
    ...latencyLines(
      'from a tick until a member has it',
      measured.flatMap(({ latency }) => latency ?? []),
    ),
    ...(untimed === 0
      ? []
      : [`          ${count(untimed)} deliveries of ticks are in no latency${why}`]),
  ];
}

function latencyLines(what: string, histograms: readonly string[]): string[] {
  if (histograms.length === 0) return [];
  const { p50Us, p99Us, maxUs } = summarise(mergeHistograms(histograms));
  const shown = Object.entries({ p50: p50Us, p99: p99Us, max: maxUs }).map(
    ([name, us]) => `${name} ${withUnit(milliseconds(us), 'ms')}`,
  );
  return [`          ${what}: ${shown.join(', ')}`];
}
