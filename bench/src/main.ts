// npm run bench [-- --connections 1,50,500 --rounds 3 --seconds 4 --server '{"iocp": ...}' --json FILE]
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchEcho, echoTable } from './echo.ts';

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '1,50,500' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    server: { type: 'string', default: '{}' },
    json: { type: 'string' },
  },
});

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => interrupted.abort(new Error(`ended by ${signal}`)));
}

const figures = await benchEcho(
  {
    connections: values.connections.split(',').map(Number),
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    server: JSON.parse(values.server),
  },
  interrupted.signal,
);
console.log('Echo, 64 bytes, one in flight on each connection, client outside Wine:');
console.log(echoTable(figures));
console.log('Taken under Wine on Linux: relative cost, not Windows performance.');
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
