import { cellKey, NONE, type Origin, type Run, type Soak, utcTime } from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import { verdictText } from './cell-text.ts';
import { fittedTable } from './fitted-table.ts';

const HEAD = ['run', 'cell', 'repeat', 'state', 'verdict', 'gang'];

/** A soak as text: its state, and each run with the id that `show` accepts. */
export function soakText(soak: Soak, columns: number, colors: Colors): string {
  const done = soak.runs.filter((run) => run.state === 'done').length;
  const reasons = soak.runs.flatMap(troubles);
  return [
    `${colors.bold(soak.name)} (${soak.soakId})`,
    '',
    `Created   ${utcTime(soak.createdAtMs)} UTC, ${originText(soak.origin)}`,
    ...againstLine(soak),
    `State     ${soak.state}, ${done} of ${soak.runs.length} runs done`,
    `Verdict   ${verdictText(soak.verdict, colors)}`,
    '',
    fittedTable({
      head: HEAD.map((title) => colors.bold(title)),
      align: ['left', 'left', 'right'],
      rows: soak.runs.map((run) => row(run, colors)),
      columns,
    }),
    ...(reasons.length === 0 ? [] : ['', ...reasons]),
  ].join('\n');
}

function againstLine({ against }: Soak): string[] {
  return against === null ? [] : [`Against   baseline ${against.baseline} (${against.soakId})`];
}

function row(run: Run, colors: Colors): string[] {
  const agents = [...new Set(run.gang.map(({ agentId }) => agentId))];
  return [
    run.runId,
    cellKey(run.cell),
    String(run.repeat),
    run.state,
    verdictText(run.judgement?.verdict ?? null, colors),
    agents.length === 0 ? NONE : agents.join(', '),
  ];
}

function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'submitted':
      return 'submitted';
    case 'schedule':
      return `by schedule ${origin.schedule}, for ${utcTime(origin.tickAtMs)} UTC`;
    case 'import':
      return `imported ${utcTime(origin.importedAtMs)} UTC`;
  }
}

function troubles({ runId, judgement }: Run): string[] {
  if (judgement === null || judgement.verdict === 'passed') return [];
  const { verdict, reasons } = judgement;
  return [`${runId}: ${verdict}`, ...reasons.map((reason) => `  - ${reason}`)];
}
