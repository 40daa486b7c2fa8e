import { createReadStream, writeSync } from 'node:fs';
import { type Agent, startAgent } from './agent.ts';
import { addressProblem, loadConfig } from './config.ts';
import { log, messageOf } from './log/log.ts';

const STDIN = 0;
const STDOUT = 1;

/**
 * Reads stdin with plain file reads. Under Wine `process.stdin` throws on a pipe that was created
 * outside Wine, and importing `process` as a module (as OpenTelemetry's SDK does) evaluates it.
 */
function readPlainly(): void {
  const value = createReadStream('', { fd: STDIN, autoClose: false });
  Object.defineProperty(process, 'stdin', { value, configurable: true, enumerable: true });
}

/** Calls `action` when the parent closes its end of stdin or exits. */
function onStdinEnd(action: () => void): void {
  process.stdin.on('end', action).on('error', action).resume();
}

/** Runs the agent until it is requested to stop; resolves with the exit code. */
async function serve(): Promise<number> {
  if (process.platform === 'win32') readPlainly();
  const { config, unread } = loadConfig();
  if (unread.length > 0) log('warn', 'the agent does not read these variables', { unread });
  const problem = addressProblem(config);
  if (problem !== null) log('warn', problem);

  const stopRequested = Promise.withResolvers<number>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => stopRequested.resolve(0));
  if (config.stopOnStdinEnd) onStdinEnd(() => stopRequested.resolve(0));

  const starting = startAgent(config, { onLeaseLost: () => stopRequested.resolve(1) });
  // A stop before the registration leaves only a lease, which expires.
  const agent: Agent | number = await Promise.race([starting, stopRequested.promise]);
  if (typeof agent === 'number') return agent;
  writeSync(STDOUT, `${JSON.stringify({ registered: agent.registration.agentId })}\n`);
  log('info', 'registered', { ...agent.registration });

  const code = await stopRequested.promise;
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
