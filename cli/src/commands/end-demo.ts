import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '../api/client.ts';
import type { Outputs } from '../output/outputs.ts';
import type { Context } from '../shell/context.ts';
import { messageOf, reasonOf } from '../shell/failure.ts';
import { print, warn } from '../shell/terminal.ts';
import { type ReportOptions, reportSoak } from './report-soak.ts';

/** A gang ends within two seconds of a cancel. */
const CANCEL_MS = 3_000;
const CANCEL_POLL_MS = 200;

/** What is known at the end of a demo that was stopped; the cluster still runs. */
const REPORT_MS = 5_000;
/** The same after the second Ctrl-C, which must end the command at once. */
const HURRY_MS = 1_500;

/**
 * The end of a demo that Ctrl-C stopped: cancels the soak, then shows and writes what was measured.
 * The second Ctrl-C leaves out the wait for the cancel, and not the files. A file of its own because
 * its test has no cluster.
 */
export async function endDemo(
  { terminal, interrupts }: Pick<Context, 'terminal' | 'interrupts'>,
  outputs: Outputs,
  client: ApiClient,
  soakId: string,
  options: ReportOptions,
): Promise<void> {
  const hurry = new AbortController();
  interrupts.onHurry(() => hurry.abort(), HURRY_MS);
  warn(terminal, 'Cancelling (Ctrl-C again: at once) ...');
  const signal = AbortSignal.any([AbortSignal.timeout(CANCEL_MS), hurry.signal]);
  try {
    await cancel(client, soakId, signal);
  } catch (error) {
    const reason = hurry.signal.aborted ? 'Ctrl-C' : messageOf(reasonOf(error, signal));
    warn(terminal, `The cancel could not be confirmed: ${reason}`);
  }
  try {
    print(terminal, '');
    await reportSoak(outputs, client, soakId, options, AbortSignal.timeout(REPORT_MS));
  } finally {
    interrupts.offHurry();
    if (hurry.signal.aborted) interrupts.force();
  }
}

/** Requests an orderly end of the gang; what does not end in time is stopped with the cluster. */
async function cancel(client: ApiClient, soakId: string, signal: AbortSignal): Promise<void> {
  await client.cancel(soakId, signal);
  while ((await client.soak(soakId, signal)).state !== 'done') {
    await delay(CANCEL_POLL_MS, undefined, { signal });
  }
}
