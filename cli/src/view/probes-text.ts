import {
  type AgentProbeAnswer,
  type AgentProbes,
  NONE,
  PROBE_OUTCOMES,
  type ProbeOutcome,
  utcTime,
} from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import { fittedTable } from './fitted-table.ts';
import { plainTable } from './plain-table.ts';
import { figureText } from './probe-figures.ts';

/** Outcomes as text. */
const WORDS: Record<ProbeOutcome, string> = {
  holds: 'holds',
  'does-not-hold': 'does not hold',
  unsupported: 'unsupported',
  inconclusive: 'inconclusive',
};

export function outcomeText(outcome: ProbeOutcome, colors: Colors): string {
  if (outcome === 'holds') return colors.green(WORDS[outcome]);
  return outcome === 'does-not-hold' ? colors.red(WORDS[outcome]) : colors.yellow(WORDS[outcome]);
}

/**
 * The probes of an agent as text: each with its outcome, and evidence for those that did not hold.
 */
export function probesText(
  probes: AgentProbes,
  { columns, when }: { columns: number; when: boolean },
  colors: Colors,
): string {
  const { agentId, platform, answers, requested } = probes;
  const otherwise = answers.filter(({ outcome }) => outcome !== 'holds');
  return [
    `${colors.bold(agentId)}, ${platform.label}`,
    ...(answers.length === 0 ? [] : ['', answersTable(answers, columns, when, colors)]),
    ...otherwise.flatMap((answer) => ['', ...detail(answer, colors)]),
    '',
    [summary(answers, colors), ...unanswered(probes)].join('; '),
    ...requested.map(({ name }) => `  no answer: ${name}`),
  ].join('\n');
}

function answersTable(
  answers: readonly AgentProbeAnswer[],
  columns: number,
  when: boolean,
  colors: Colors,
): string {
  const nameWidth = Math.max(...answers.map(({ name }) => name.length));
  const outcomeWidth = Math.max(...answers.map(({ outcome }) => WORDS[outcome].length));
  // Every column except the first is preceded by two spaces.
  const room =
    columns - nameWidth - outcomeWidth - 4 - (when ? 'YYYY-MM-DD HH:MM:SS'.length + 2 : 0);
  const head = ['probe', 'outcome', ...(when ? ['when (UTC)'] : []), 'figures'];
  return fittedTable({
    head: head.map((title) => colors.bold(title)),
    rows: answers.map((answer) => [
      answer.name,
      outcomeText(answer.outcome, colors),
      ...(when ? [utcTime(answer.atMs)] : []),
      keyFigures(answer, Math.max(room, 0)),
    ]),
    columns,
    rules: 'head',
  });
}

/** The first figures of an answer that fit; the catalogue lists them by importance. */
export function keyFigures({ evidence }: Pick<AgentProbeAnswer, 'evidence'>, room: number): string {
  const rows = new Set(evidence.map(({ row }) => row));
  if (rows.size > 1) return `a table of ${rows.size} rows: --json`;
  const figures = evidence
    .filter(({ value }) => value !== null)
    .map((figure) => `${figure.name} ${figureText(figure)}`);
  let text = figures[0] ?? NONE;
  for (const figure of figures.slice(1)) {
    if (`${text}, ${figure}`.length > room) break;
    text = `${text}, ${figure}`;
  }
  return text;
}

/** Details of a claim that was not observed to hold. */
function detail(answer: AgentProbeAnswer, colors: Colors): string[] {
  const { name, outcome, claim, note, source, evidence } = answer;
  const title = `${colors.bold(name)}: ${outcomeText(outcome, colors)}`;
  const shown = [`  Claim   ${claim}`, ...(note === '' ? [] : [`  Note    ${note}`])];
  if (outcome !== 'does-not-hold') return [title, ...shown];
  const table = plainTable({
    head: [],
    rows: evidence.map((figure) => [
      ...(figure.row === null ? [] : [figure.row]),
      figure.name,
      figureText(figure),
      figure.what,
    ]),
    gap: 2,
    rules: 'none',
  }).text;
  const lines = table.split('\n').filter((line) => line !== '');
  return [title, ...shown, `  Source  ${source}`, ...lines.map((line) => `    ${line}`)];
}

/** `32 hold, 1 unsupported`. */
function summary(answers: readonly AgentProbeAnswer[], colors: Colors): string {
  const counts = PROBE_OUTCOMES.flatMap((outcome) => {
    const { length } = answers.filter((answer) => answer.outcome === outcome);
    if (length === 0) return [];
    const word = outcome === 'holds' && length > 1 ? 'hold' : WORDS[outcome];
    const text = `${length} ${outcome === 'does-not-hold' && length > 1 ? 'do not hold' : word}`;
    return [outcome === 'does-not-hold' ? colors.red(text) : text];
  });
  return counts.length === 0 ? 'No answers' : counts.join(', ');
}

function unanswered({ requested, live, waiting }: AgentProbes): string[] {
  if (requested.length === 0) return [];
  const why = live ? (waiting ?? 'requested') : 'the agent was lost';
  return [`${requested.length} without an answer (${why})`];
}
