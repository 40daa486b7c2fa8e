import type { AgentProbes } from '@oversoak/contracts';
import { print, type Terminal, warn } from '../shell/terminal.ts';
import type { ProbeListener } from '../watch/follow-probes.ts';
import { openLiveLines } from './live-lines.ts';
import { outcomeText } from './probes-text.ts';

export interface ProbesProgress extends ProbeListener {
  /** Restores the terminal. */
  stop(): void;
}

export function openProbesProgress(terminal: Terminal): ProbesProgress {
  return terminal.live ? liveProgress(terminal) : plainProgress(terminal);
}

const total = ({ requested, answers }: AgentProbes) => requested.length + answers.length;

/** On a terminal: one line per agent that redraws. */
function liveProgress(terminal: Terminal): ProbesProgress {
  const texts = new Map<string, string>();
  const lines = openLiveLines(terminal, () => [...texts.values()]);
  return {
    probes: (probes) => {
      texts.set(probes.agentId, stateText(probes));
      lines.changed();
    },
    unreachable: (error) => lines.print(`${error.message}; trying again with growing pauses`),
    stop: () => lines.stop(),
  };
}

/** `agent-a: 12 of 34 answered; now five-thousand-receives`. */
function stateText(probes: AgentProbes): string {
  const running = probes.requested.find(({ startedAtMs }) => startedAtMs !== null);
  const now = running === undefined ? (probes.waiting ?? 'waiting') : `now ${running.name}`;
  const answered = `${probes.agentId}: ${probes.answers.length} of ${total(probes)} answered`;
  return probes.requested.length === 0 ? answered : `${answered}; ${now}`;
}

/** On a pipe: one line per answer and per reason to wait. */
function plainProgress(terminal: Terminal): ProbesProgress {
  const printed = new Set<string>();
  const printOnce = (key: string, text: string) => {
    if (printed.has(key)) return;
    printed.add(key);
    print(terminal, text);
  };
  return {
    probes: (probes) => {
      const { agentId, answers, waiting } = probes;
      for (const { name, outcome } of answers) {
        const text = `${agentId}: ${name} ${outcomeText(outcome, terminal.colors)}`;
        printOnce(`${agentId} ${name}`, text);
      }
      if (waiting !== null) printOnce(`${agentId} ${waiting}`, `${agentId}: ${waiting}`);
    },
    unreachable: (error) => warn(terminal, `${error.message}; trying again with growing pauses`),
    stop: () => undefined,
  };
}
