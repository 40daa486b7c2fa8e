// Runs in node.exe: the project's server. Arguments: options of startServer as JSON, port file.
import { writeFileSync } from 'node:fs';
import { startServer } from '@oversoak/native-server';

const [options = '{}', portFile = ''] = process.argv.slice(2);
const server = startServer({
  notifier: 'iocp',
  layout: 'homo',
  host: '127.0.0.1',
  ...JSON.parse(options),
});
writeFileSync(portFile, `${server.port}\n`);
// The server's threads do not keep Node.js alive; this timer does, until the process is killed.
setInterval(() => server.snapshot(), 1000);
