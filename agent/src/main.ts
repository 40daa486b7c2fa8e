import { createReadStream, writeSync } from 'node:fs';
import { type Agent, startAgent } from './agent.ts';
import { loadConfig } from './config.ts';
import { log, messageOf } from './log/log.ts';

const STDIN = 0;
const STDOUT = 1;

/**
 * Under Wine `process.stdin` throws on a pipe that was made outside, and whoever imports `process`
 * as a module reads it, as OpenTelemetry's SDK does; plain reads work.
 */
function readPlainly(): void {
  const value = createReadStream('', { fd: STDIN, autoClose: false });
  Object.defineProperty(process, 'stdin', { value, configurable: true, enumerable: true });
}

/** Ends when the parent closes its end, or is gone. */
function onStdinEnd(action: () => void): void {
  process.stdin.on('end', action).on('error', action).resume();
}

/** Serves until something asks it to stop; answers the exit code. */
async function serve(): Promise<number> {
  if (process.platform === 'win32') readPlainly();
  const { config, unread } = loadConfig();
  if (unread.length > 0) log('warn', 'the agent does not read these variables', { unread });

  const asked = Promise.withResolvers<number>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => asked.resolve(0));
  if (config.stopOnStdinEnd) onStdinEnd(() => asked.resolve(0));

  const starting = startAgent(config, { onLeaseLost: () => asked.resolve(1) });
  // A stop that comes before the agent is registered leaves nothing behind but a lease that lapses.
  const agent: Agent | number = await Promise.race([starting, asked.promise]);
  if (typeof agent === 'number') return agent;
  writeSync(STDOUT, `${JSON.stringify({ registered: agent.registration.agentId })}\n`);
  log('info', 'registered', { ...agent.registration });

  const code = await asked.promise;
  await agent.stop();
  return code;
}

serve().then(
  (code) => process.exit(code),
  (error: unknown) => {
    log('error', `the agent cannot run: ${messageOf(error)}`);
    process.exit(1);
  },
);
