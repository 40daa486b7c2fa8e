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

/** Watches somebody's soak. Ctrl-C asks what is meant; where nobody can answer, it detaches. */
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
    const asked = question?.cancelAsked ?? false;
    const next = asked ? 'was told to end' : `goes on; end it: oversoak cancel ${soakId}`;
    warn(terminal, `Detached; the soak ${next}. Watch it again: oversoak watch ${soakId}`);
    return EXIT.noVerdict;
  }
}

/** Until the soak is done, or was cancelled here and does not end: that is said, and no error. */
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
