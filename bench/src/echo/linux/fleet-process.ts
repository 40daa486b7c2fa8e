import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CLIENT_CORE } from '../server-process.ts';

const run = promisify(execFile);

export interface FleetLoad {
  host?: string;
  port: number;
  sessions: number;
  /** Messages a second; 0: a closed loop at full speed. */
  rate: number;
  seconds: number;
  rampUpSeconds?: number;
  protocol?: 'oversoak' | 'raw';
  messageBytes?: number;
}

export interface FleetFigures {
  /** Of messages that were due in the measurement. */
  echoes: number;
  due: number;
  sent: number;
  errors: number;
  seconds: number;
  cpuSeconds: number;
  /** From the start until all sessions were live; -1: they never were. */
  liveAfterSeconds: number;
  /** Private memory that the fleet's process gained. */
  bytesPerSession: number;
  sendLagP50Us: number;
  sendLagP99Us: number;
  /** Of the sends, the share that left within 1 ms of the due time. */
  sentWithinMs: number;
  /** From the actual send. */
  p50Us: number;
  p99Us: number;
  maxUs: number;
}

/** Runs one of the fleet programs with one thread on the clients' core. */
export async function runFleet(
  program: string,
  load: FleetLoad,
  signal: AbortSignal,
): Promise<FleetFigures> {
  const { host = '127.0.0.1', port, sessions, rate, seconds } = load;
  const { rampUpSeconds = 0.5, protocol = 'oversoak', messageBytes = 64 } = load;
  const args = [host, port, sessions, 1, rate, rampUpSeconds, seconds, protocol, messageBytes];
  const { stdout } = await run('taskset', ['-c', CLIENT_CORE, program, ...args.map(String)], {
    signal,
    timeout: (rampUpSeconds + seconds + 60) * 1000,
  });
  const figures: FleetFigures = JSON.parse(stdout);
  if (figures.errors > 0) throw new Error(`the fleet counted ${figures.errors} errors`);
  return figures;
}
