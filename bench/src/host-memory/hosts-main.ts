// Runs under Wine: for every variant, a server and a fleet in separate host processes, all in
// parallel.
// hosts-main.js SECONDS FILE: writes the figures reported by the servers' hosts to the file.
import { type ChildProcess, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FromHost, ToHost } from '@oversoak/agent/host';
import { HOST_FLAGS, HOST_MAIN, machineMs } from '@oversoak/agent/host';
import { FleetOptions, ServerOptions } from '@oversoak/contracts';
import { Value } from 'typebox/value';
import { CELLS, SETTLE_SECONDS, specOf } from '../night/cells.ts';
import { type HostSeries, VARIANTS, type Variant } from './variants.ts';

const START_LEAD_MS = 3_000;
const [seconds = '', file = ''] = process.argv.slice(2);
const engine = fileURLToPath(import.meta.resolve('@oversoak/native-server'));
const [cell] = CELLS;
if (cell === undefined) throw new Error('the night has no cell');
const { workload, threads, game, phases } = specOf(cell, Number(seconds) / 60);

function start(variant: Variant, part: Extract<ToHost, { kind: 'prepare' }>['part']): ChildProcess {
  const preloads = VARIANTS[variant].map((name) =>
    fileURLToPath(new URL(`${name}.js`, import.meta.url)),
  );
  const host = fork(HOST_MAIN, [], {
    execArgv: [...HOST_FLAGS, ...preloads.map((path) => `--require=${path}`)],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  send(host, {
    kind: 'prepare',
    engine,
    part,
    phases: { ...phases, drainSeconds: 1 },
    targets: [],
    peers: ['127.0.0.0/8'],
    plugins: [],
    readings: null,
  });
  return host;
}

const send = (host: ChildProcess, message: ToHost) => void host.send(message);

/** Resolves when the server's host has finished. */
function soak(variant: Variant): Promise<HostSeries> {
  const series: HostSeries = { variant, resident: [], own: [] };
  const options = Value.Default(ServerOptions, {
    notifier: 'iocp',
    layout: 'hetero',
    threads,
    game,
  });
  const server = start(variant, { role: 'server', options: options as ServerOptions });
  return new Promise((resolve, reject) => {
    server.on('message', (message: FromHost) => {
      if (message.kind === 'failed') reject(new Error(`${variant}: ${message.reason}`));
      else if (message.kind === 'finished') resolve(series);
      else if (message.kind === 'prepared') load(variant, server, message.port ?? 0);
      else if (message.kind === 'sample') {
        const { sinceStartSeconds, server: figures } = message.sample;
        const bytes = figures?.process.workingSetBytes ?? Number.NaN;
        series.resident.push({ sinceStartSeconds, bytes });
      } else if (message.kind === 'window' && 'own' in message.window) {
        const { endSeconds, own } = message.window;
        const bytes = own.workingSetBytes ?? Number.NaN;
        series.own.push({ sinceStartSeconds: SETTLE_SECONDS + endSeconds, bytes });
      }
    });
  });
}

function load(variant: Variant, server: ChildProcess, port: number): void {
  const options = Value.Default(FleetOptions, { ...workload, sessions: 50, rampUpSeconds: 2 });
  const fleet = start(variant, { role: 'fleet', options: options as FleetOptions });
  fleet.on('message', ({ kind }: FromHost) => {
    if (kind !== 'prepared') return;
    const startAtMachineMs = machineMs() + START_LEAD_MS;
    const endpoint = { host: '127.0.0.1', port };
    for (const host of [server, fleet]) send(host, { kind: 'start', startAtMachineMs, endpoint });
  });
}

const series = await Promise.all((Object.keys(VARIANTS) as Variant[]).map(soak));
writeFileSync(file, JSON.stringify(series));
process.exit(0);
