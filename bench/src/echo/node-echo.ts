// Runs in node.exe: an echo server based on Node's `net`. Argument: port file.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', (bytes) => socket.write(bytes));
  // The client ends by closing; a reset is not an error of the benchmark.
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  writeFileSync(process.argv[2] ?? '', `${address.port}\n`);
});
