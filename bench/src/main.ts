// npm run bench [-- NAME ...]: without a name, all except the long ones. See the README for the
// options.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { NOTIFIERS_OF } from '@oversoak/contracts';
import { benchCluster, CLUSTER_PARTS, type ClusterPart } from './cluster/bench.ts';
import { LARGEST_GANG } from './cluster/soaks.ts';
import { aimsTable, allHeld } from './echo/aim.ts';
import { benchEcho, echoAims, echoTable } from './echo/echo.ts';
import { benchEchoOnLinux, PARTS, type Part } from './echo/linux/bench.ts';
import { benchFanOut } from './fan-out/bench.ts';
import { benchFleets } from './fleets/bench.ts';
import { benchFramed } from './framed/bench.ts';
import { benchHelp } from './help.ts';
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
  'help',
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
    agents: { type: 'string' },
    runs: { type: 'string' },
    growth: { type: 'string' },
    viewers: { type: 'string' },
    minutes: { type: 'string' },
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
      connections: numbers('connections', [1, 50, 500, 5000]),
      rounds: number('rounds', 7),
      seconds: number('seconds', 1),
      parts: parts.length === 0 ? PARTS : (parts as Part[]),
    },
    interrupted.signal,
  );
  writeResult(result);
  if (!held) process.exitCode = 1;
} else if (wanted('echo')) {
  const figures = await benchEcho(
    {
      connections: numbers('connections', [1, 50, 500]),
      rounds: number('rounds', 9),
      seconds: number('seconds', 1),
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
    connections: numbers('connections', [1, 50]),
    rounds: number('rounds', 5),
    seconds: number('seconds', 2),
  };
  if (!(await benchFramed(options, interrupted.signal))) process.exitCode = 1;
}
if (wanted('fan-out')) {
  const options = {
    notifiers: [...NOTIFIERS_OF.linux],
    rounds: number('rounds', 9),
    seconds: number('seconds', 2),
  };
  if (!(await benchFanOut(options, interrupted.signal))) process.exitCode = 1;
}
if (wanted('sessions') && !(await benchSessions(values.redis, interrupted.signal)))
  process.exitCode = 1;
if (wanted('help') && !benchHelp({ rounds: number('rounds', 9) })) process.exitCode = 1;
if (wanted('cluster')) {
  const options = {
    parts: parts.length === 0 ? CLUSTER_PARTS : (parts as ClusterPart[]),
    dispatch: { agents: number('agents', 500, LARGEST_GANG), runs: number('runs', 1000) },
    growth: {
      agents: numbers('growth', [200, 2000], LARGEST_GANG),
      runs: GROWTH_RUNS,
      seconds: number('seconds', 45),
    },
  };
  if (!(await benchCluster(options, interrupted.signal))) process.exitCode = 1;
}
if (wanted('viewers')) {
  const options = {
    viewers: number('viewers', 20),
    rounds: number('rounds', 9),
    seconds: number('seconds', 10),
  };
  if (!(await benchViewers(options, interrupted.signal))) process.exitCode = 1;
}
if (wanted('truth') && !benchTruth()) process.exitCode = 1;
if (wanted('telemetry')) {
  const options = { rounds: number('rounds', 9), seconds: number('seconds', 10) };
  if (!(await benchTelemetry(options, interrupted.signal))) process.exitCode = 1;
}
if (wanted('fleets')) {
  const options = { rounds: number('rounds', 4), seconds: number('seconds', 9) };
  if (!(await benchFleets(options, interrupted.signal))) process.exitCode = 1;
}
if (wanted('night')) {
  const options = { minutes: number('minutes', 40) };
  const { results, asExpected } = await benchNight(options, interrupted.signal);
  writeResult(results);
  if (!asExpected) process.exitCode = 1;
}
if (wanted('host-memory')) await benchHostMemory(number('minutes', 40), interrupted.signal);

function refuseUnknown(what: string, given: readonly string[], valid: readonly string[]): void {
  const unknown = given.filter((name) => !valid.includes(name));
  if (unknown.length === 0) return;
  console.error(`unknown ${what}: ${unknown.join(', ')}; valid: ${valid.join(', ')}`);
  process.exit(2);
}

type Numbered =
  | 'agents'
  | 'connections'
  | 'growth'
  | 'minutes'
  | 'rounds'
  | 'runs'
  | 'seconds'
  | 'viewers';

function numbers(name: Numbered, otherwise: readonly number[], least = 0): number[] {
  const given = values[name]?.split(',').map(Number) ?? [...otherwise];
  if (given.every((each) => each > 0 && each >= least)) return given;
  const range = least === 0 ? 'above 0' : `from ${least}`;
  console.error(`--${name} takes numbers ${range}, not "${values[name]}"`);
  process.exit(2);
}

function number(name: Numbered, otherwise: number, least = 0): number {
  const [first, ...more] = numbers(name, [otherwise], least);
  if (first !== undefined && more.length === 0) return first;
  console.error(`--${name} takes one number, not "${values[name]}"`);
  process.exit(2);
}

function writeResult(result: unknown): void {
  if (values.json === undefined) return;
  writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
}
