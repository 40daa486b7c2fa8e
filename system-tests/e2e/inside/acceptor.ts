// Listens with a backlog of 1, and hands each of the first connections to its parent.
import { type AddressInfo, createServer } from 'node:net';

const wanted = Number(process.argv[2]);
let accepted = 0;

const server = createServer({ pauseOnConnect: true }, (socket) => {
  accepted += 1;
  if (accepted <= wanted) process.send?.({ accepted }, socket);
  // From here on the parent stops this process; what came in between is left without an answer.
});
server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on('disconnect', () => process.exit(0));
