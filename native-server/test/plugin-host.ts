// Forked by plugin.test.ts: a fleet with a plug-in whose fault ends the process. Sends its snapshot
// if nothing does.
import { setTimeout as delay } from 'node:timers/promises';
import { startFleet } from '../src/index.ts';
import { pluginAt, pluginPath } from './plugins.ts';

const [name = '', fault = '', port = ''] = process.argv.slice(2);
const { protocol, pluginPath: path } = pluginAt(pluginPath(name), fault);
const fleet = startFleet({
  ...{ host: '127.0.0.1', port: Number(port), sessions: 2, rampUpSeconds: 0, pacing: 'closed' },
  ...{ protocol, pluginPath: path, loopDelayMs: 1, disconnectsPerSecond: 50 },
});
await delay(1000);
process.send?.(await fleet.stop(), () => process.disconnect());
