import type { ApiClient } from '../api/client.ts';
import type { Outputs } from '../output/outputs.ts';
import type { Context } from '../shell/context.ts';
import { EXIT, type ExitCode } from '../shell/exit-code.ts';
import { Interrupted, messageOf } from '../shell/failure.ts';
import { print, warn } from '../shell/terminal.ts';
import { openProgressView } from '../view/live-progress.ts';
import type { ProgressView } from '../view/progress-view.ts';
import { followSoak } from '../watch/follow.ts';
import { CancelOverdue, CtrlCQuestion } from './ctrl-c-question.ts';
import { type ReportOptions, reportSoak } from './report-soak.ts';

const REPORT_MS = 5_000;

/**
 * Watches an existing soak. Ctrl-C asks whether to cancel or detach; without an interactive
 * terminal it detaches. `isPressed`: Ctrl-C came before the soak was known, and is answered first.
 */
export async function attach(
  { interrupts }: Context,
  outputs: Outputs,
  client: ApiClient,
  soakId: string,
  options: ReportOptions,
  isPressed = false,
): Promise<ExitCode> {
  const { terminal } = outputs;
  interrupts.install();
  interrupts.onForce(() => process.exit(EXIT.noVerdict));
  const view = openProgressView(terminal);
  const { ask } = terminal;
  const question =
    ask === null ? null : new CtrlCQuestion({ soakId, client, view, terminal, interrupts }, ask);
  if (isPressed) question?.press();
  try {
    await follow({ interrupts, terminal }, client, soakId, view, question);
    print(terminal, '');
    return await reportSoak(outputs, client, soakId, options, interrupts.signal);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    const isCancelling = question?.isCancelling ?? false;
    const next = isCancelling
      ? 'is being cancelled'
      : `continues; end it: oversoak cancel ${soakId}`;
    await reportSoFar(outputs, client, soakId, options);
    warn(terminal, `Detached; the soak ${next}. Watch it again: oversoak watch ${soakId}`);
    return EXIT.noVerdict;
  }
}

/** What is known when a soak is left; an API that is away must not keep the user. */
async function reportSoFar(
  outputs: Outputs,
  client: ApiClient,
  soakId: string,
  options: ReportOptions,
): Promise<void> {
  try {
    print(outputs.terminal, '');
    await reportSoak(outputs, client, soakId, options, AbortSignal.timeout(REPORT_MS));
  } catch (error) {
    warn(outputs.terminal, `There is no summary: ${messageOf(error)}`);
  }
}

/**
 * Follows the soak until it is done. If a soak that was cancelled here does not end in time, that
 * is reported but is not an error.
 */
async function follow(
  { interrupts, terminal }: Pick<Context, 'interrupts' | 'terminal'>,
  client: ApiClient,
  soakId: string,
  view: ProgressView,
  question: CtrlCQuestion | null,
): Promise<void> {
  const signals = [interrupts.signal, ...(question === null ? [] : [question.gaveUp])];
  try {
    await followSoak(client, soakId, view, AbortSignal.any(signals));
  } catch (error) {
    if (!(error instanceof CancelOverdue)) throw error;
    warn(terminal, error.message);
  } finally {
    question?.end();
    view.stop();
  }
}
