// npm run bench [-- NAME ...]: without a name, all except the long ones. See the README for the
// options.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { NOTIFIERS_OF } from '@oversoak/contracts';
import { benchCluster, CLUSTER_PARTS, type ClusterPart } from './cluster/bench.ts';
import { aimsTable, allHeld } from './echo/aim.ts';
import { benchEcho, echoAims, echoTable } from './echo/echo.ts';
import { benchEchoOnLinux, PARTS, type Part } from './echo/linux/bench.ts';
import { benchFanOut } from './fan-out/bench.ts';
import { benchFleets } from './fleets/bench.ts';
import { benchFramed } from './framed/bench.ts';
import { benchHostMemory } from './host-memory/bench.ts';
import { benchNight } from './night/bench.ts';
import { benchSessions } from './sessions.ts';
import { benchTelemetry } from './telemetry/bench.ts';
import { benchTruth } from './truth/bench.ts';
import { benchViewers } from './viewers/bench.ts';

const BENCHES = [
  'echo',
  'framed',
  'fan-out',
  'sessions',
  'cluster',
  'viewers',
  'fleets',
  'telemetry',
  'truth',
  'night',
  'host-memory',
];
/** Each takes longer than all others together, so these run only by name. */
const LONG = ['fleets', 'night', 'host-memory'];

/** As many as one token may have queued by default. */
const GROWTH_RUNS = 5000;

const PLATFORMS = ['windows', 'linux'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    platform: { type: 'string', default: 'windows' },
    parts: { type: 'string' },
    connections: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    server: { type: 'string', default: '{}' },
    json: { type: 'string' },
    redis: { type: 'string' },
    agents: { type: 'string', default: '500' },
    runs: { type: 'string', default: '1000' },
    growth: { type: 'string', default: '200,2000' },
    viewers: { type: 'string', default: '20' },
    minutes: { type: 'string', default: '40' },
  },
});

refuseUnknown('bench', positionals, BENCHES);
refuseUnknown('--platform', [values.platform], PLATFORMS);
const parts = values.parts?.split(',') ?? [];
refuseUnknown('--parts', parts, positionals.includes('cluster') ? CLUSTER_PARTS : PARTS);

const wanted = (name: string) =>
  positionals.length === 0 ? !LONG.includes(name) : positionals.includes(name);

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => interrupted.abort(new Error(`ended by ${signal}`)));
}

if (wanted('echo') && values.platform === 'linux') {
  const { held, ...result } = await benchEchoOnLinux(
    {
      connections: numbers(values.connections ?? '1,50,500,5000'),
      rounds: Number(values.rounds ?? 7),
      seconds: Number(values.seconds ?? 1),
      parts: parts.length === 0 ? PARTS : (parts as Part[]),
    },
    interrupted.signal,
  );
  writeResult(result);
  if (!held) process.exitCode = 1;
} else if (wanted('echo')) {
  const figures = await benchEcho(
    {
      connections: numbers(values.connections ?? '1,50,500'),
      rounds: Number(values.rounds ?? 9),
      seconds: Number(values.seconds ?? 1),
      server: JSON.parse(values.server),
    },
    interrupted.signal,
  );
  const aims = echoAims(figures);
  console.log('Echo, 64 bytes, one in flight per connection, client outside Wine:');
  console.log(echoTable(figures));
  console.log(
    'Medians over the rounds; "ours": ratio of the project to that peer, within a round.',
  );
  console.log(aimsTable(aims));
  console.log('Measured under Wine on Linux: relative cost, not Windows performance.');
  writeResult({ figures, aims });
  if (!allHeld(aims)) process.exitCode = 1;
}
if (wanted('framed')) {
  const options = {
    connections: numbers(values.connections ?? '1,50'),
    rounds: Number(values.rounds ?? 5),
    seconds: Number(values.seconds ?? 2),
  };
  if (!(await benchFramed(options, interrupted.signal))) process.exitCode = 1;
}
if (wanted('fan-out')) {
  const options = {
    notifiers: [...NOTIFIERS_OF.linux],
    rounds: Number(values.rounds ?? 9),
    seconds: Number(values.seconds ?? 2),
  };
  if (!(await benchFanOut(options, interrupted.signal))) process.exitCode = 1;
}
if (wanted('sessions') && !(await benchSessions(values.redis, interrupted.signal)))
  process.exitCode = 1;
if (wanted('cluster')) {
  const options = {
    parts: parts.length === 0 ? CLUSTER_PARTS : (parts as ClusterPart[]),
    dispatch: { agents: Number(values.agents), runs: Number(values.runs) },
    growth: {
      agents: numbers(values.growth),
      runs: GROWTH_RUNS,
      seconds: Number(values.seconds ?? 45),
    },
  };
  if (!(await benchCluster(options, interrupted.signal))) process.exitCode = 1;
}
if (wanted('viewers')) {
  const options = {
    viewers: Number(values.viewers),
    rounds: Number(values.rounds),
    seconds: Number(values.seconds ?? 10),
  };
  if (!(await benchViewers(options, interrupted.signal))) process.exitCode = 1;
}
if (wanted('truth') && !benchTruth()) process.exitCode = 1;
if (wanted('telemetry')) {
  const options = { rounds: Number(values.rounds ?? 9), seconds: Number(values.seconds ?? 10) };
  if (!(await benchTelemetry(options, interrupted.signal))) process.exitCode = 1;
}
if (wanted('fleets')) {
  const options = { rounds: Number(values.rounds ?? 4), seconds: Number(values.seconds ?? 9) };
  if (!(await benchFleets(options, interrupted.signal))) process.exitCode = 1;
}
if (wanted('night')) {
  const options = { minutes: Number(values.minutes) };
  const { results, asExpected } = await benchNight(options, interrupted.signal);
  writeResult(results);
  if (!asExpected) process.exitCode = 1;
}
if (wanted('host-memory')) await benchHostMemory(Number(values.minutes), interrupted.signal);

function refuseUnknown(what: string, given: readonly string[], valid: readonly string[]): void {
  const unknown = given.filter((name) => !valid.includes(name));
  if (unknown.length === 0) return;
  console.error(`unknown ${what}: ${unknown.join(', ')}; valid: ${valid.join(', ')}`);
  process.exit(2);
}

function numbers(list: string): number[] {
  return list.split(',').map(Number);
}

function writeResult(result: unknown): void {
  if (values.json === undefined) return;
  writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
}
