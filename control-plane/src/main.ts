import { loggedError, printable, SettingsError } from '@oversoak/contracts';
import { readConfig } from './config.ts';
import { type RunningServer, startServer } from './server.ts';
import { UnfitRedisError } from './store/redis.ts';

/** Errors of the settings or of Redis, which are printed in one line without a stack. */
const EXPECTED = [SettingsError, UnfitRedisError];

/** The process exits if an orderly stop takes longer. */
const STOP_MS = 5000;

function stopWith(server: RunningServer): () => void {
  let stopping = false;
  return () => {
    if (stopping) return;
    stopping = true;
    const force = setTimeout(() => process.exit(1), STOP_MS);
    force.unref();
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(printable(loggedError(error).stack));
        process.exit(1);
      },
    );
  };
}

try {
  const config = readConfig();
  // A stop before the start has finished needs no cleanup beyond the exit itself.
  let stop: () => void = () => process.exit(0);
  const onStop = () => stop();
  process.on('SIGTERM', onStop);
  process.on('SIGINT', onStop);
  if (config.stopOnStdinEnd) {
    process.stdin.on('end', onStop);
    process.stdin.on('close', onStop);
    process.stdin.resume();
  }
  const server = await startServer(config);
  stop = stopWith(server);
  process.stdout.write(`${JSON.stringify({ listening: server.url })}\n`);
} catch (error) {
  const expected = EXPECTED.some((kind) => error instanceof kind);
  const { message, stack } = loggedError(error);
  console.error(printable(expected ? message : stack || message));
  process.exitCode = 1;
  // Otherwise the process would stay until its parent closes the other end.
  process.stdin.pause();
}
