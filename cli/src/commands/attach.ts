import type { ApiClient } from '../api/client.ts';
import type { Context } from '../shell/context.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../shell/exit-code.ts';
import { Interrupted } from '../shell/failure.ts';
import { warn } from '../shell/terminal.ts';
import type { ColumnName } from '../view/comparison-columns.ts';
import { openProgressView } from '../view/open-progress-view.ts';
import type { ProgressView } from '../view/progress-view.ts';
import { followSoak } from '../watch/follow.ts';
import { CancelOverdue, CtrlCQuestion } from './ctrl-c-question.ts';
import { showComparison } from './show-comparison.ts';

/**
 * Watches an existing soak. Ctrl-C asks whether to cancel or detach; without an interactive
 * terminal it detaches.
 */
export async function attach(
  context: Context,
  client: ApiClient,
  soakId: string,
  columns: readonly ColumnName[] | undefined,
): Promise<ExitCode> {
  const { interrupts, terminal } = context;
  interrupts.install();
  interrupts.onForce(() => process.exit(EXIT.noVerdict));
  const view = openProgressView(terminal);
  const { ask } = terminal;
  const question =
    ask === null ? null : new CtrlCQuestion({ soakId, client, view, terminal, interrupts }, ask);
  try {
    await follow(context, client, soakId, view, question);
    const { verdict } = await showComparison(context, client, soakId, interrupts.signal, columns);
    return exitCodeOf(verdict);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    const isCancelling = question?.isCancelling ?? false;
    const next = isCancelling
      ? 'is being cancelled'
      : `continues; end it: oversoak cancel ${soakId}`;
    warn(terminal, `Detached; the soak ${next}. Watch it again: oversoak watch ${soakId}`);
    return EXIT.noVerdict;
  }
}

/**
 * Follows the soak until it is done. If a soak that was cancelled here does not end in time, that
 * is reported but is not an error.
 */
async function follow(
  { interrupts, terminal }: Context,
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
