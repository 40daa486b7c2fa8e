// npm run bench [-- NAME ...]: without a name, all except the long ones. See the README for the
// options.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchCluster } from './cluster/bench.ts';
import { benchEcho, echoTable } from './echo/echo.ts';
import { benchHostMemory } from './host-memory/bench.ts';
import { benchNight } from './night/bench.ts';
import { benchSessions } from './sessions.ts';
import { benchTelemetry } from './telemetry/bench.ts';
import { benchTruth } from './truth/bench.ts';
import { benchViewers } from './viewers/bench.ts';

const BENCHES = [
  'echo',
  'sessions',
  'cluster',
  'viewers',
  'telemetry',
  'truth',
  'night',
  'host-memory',
];
/** Each takes longer than all others together, so these run only by name. */
const LONG = ['night', 'host-memory'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    connections: { type: 'string', default: '1,50,500' },
    rounds: { type: 'string', default: '9' },
    seconds: { type: 'string' },
    server: { type: 'string', default: '{}' },
    json: { type: 'string' },
    redis: { type: 'string' },
    agents: { type: 'string', default: '500' },
    runs: { type: 'string', default: '1000' },
    viewers: { type: 'string', default: '20' },
    minutes: { type: 'string', default: '40' },
  },
});

const unknown = positionals.filter((name) => !BENCHES.includes(name));
if (unknown.length > 0) {
  console.error(`unknown bench: ${unknown.join(', ')}; valid: ${BENCHES.join(', ')}`);
  process.exit(2);
}
const wanted = (name: string) =>
  positionals.length === 0 ? !LONG.includes(name) : positionals.includes(name);

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => interrupted.abort(new Error(`ended by ${signal}`)));
}

if (wanted('echo')) {
  const figures = await benchEcho(
    {
      connections: values.connections.split(',').map(Number),
      rounds: Number(values.rounds),
      seconds: Number(values.seconds ?? 1),
      server: JSON.parse(values.server),
    },
    interrupted.signal,
  );
  console.log('Echo, 64 bytes, one in flight per connection, client outside Wine:');
  console.log(echoTable(figures));
  console.log(
    'Medians over the rounds; "ours": ratio of the project to that peer, within a round.',
  );
  console.log('Measured under Wine on Linux: relative cost, not Windows performance.');
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
}
if (wanted('sessions') && !(await benchSessions(values.redis, interrupted.signal)))
  process.exitCode = 1;
if (wanted('cluster')) {
  const options = { agents: Number(values.agents), runs: Number(values.runs) };
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
  const options = { rounds: Number(values.rounds), seconds: Number(values.seconds ?? 10) };
  if (!(await benchTelemetry(options, interrupted.signal))) process.exitCode = 1;
}
if (wanted('night')) {
  const options = { minutes: Number(values.minutes) };
  if (!(await benchNight(options, interrupted.signal))) process.exitCode = 1;
}
if (wanted('host-memory')) await benchHostMemory(Number(values.minutes), interrupted.signal);
