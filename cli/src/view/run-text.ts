import type { RunWithResult } from '@oversoak/contracts';
import {
  cellKey,
  endpointText,
  errorEvidenceText,
  firstErrorsOf,
  NONE,
  type Phases,
  platformLabel,
  type RunResult,
  seconds,
  utcTime,
} from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import { verdictText } from './cell-text.ts';
import { evidenceSections, type Section } from './evidence-text.ts';
import { fittedTable } from './fitted-table.ts';
import { loadLines } from './load-lines.ts';
import { runWindows } from './run-windows.ts';
import { runZoneLines } from './run-zone-lines.ts';
import { windowLines } from './window-lines.ts';

/** A run as text: its outcome, its gang, and the evidence of its verdict. */
export function runText(run: RunWithResult, columns: number, colors: Colors): string {
  const { result, judgement } = run;
  const sections: Section[] = [
    [`${colors.bold(cellKey(run.cell))} repeat ${run.repeat} (${run.runId} of ${run.soakId})`],
    [
      `Verdict   ${verdictText(judgement?.verdict ?? null, colors)}`,
      ...(judgement?.reasons ?? []).map((reason) => `  - ${reason}`),
      `State     ${run.state}`,
      `Started   ${startText(run)}`,
      ...(result === null ? [] : [`Phases    ${phasesText(result.spec.phases)}`]),
    ],
    gang(run, columns, colors),
    targetLines(result),
    loadLines(Object.values(result?.fleets ?? {})),
    runZoneLines(result),
    ...(result?.evidence ? evidenceSections(result.evidence, result.spec, columns, colors) : []),
    windowLines(runWindows(Object.values(result?.fleets ?? {})), columns),
    titled('First errors', firstErrorLines(result)),
    titled('Notes', result?.notes ?? []),
    titled('Results received after the verdict', (result?.late ?? []).map(lateText)),
  ];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n');
}

function startText({ state, startAtMs, epoch }: RunWithResult): string {
  if (startAtMs === null) return state === 'done' ? 'never' : 'not yet';
  return `${utcTime(startAtMs)} UTC (Redis time), epoch ${epoch}`;
}

function phasesText({ rampUpSeconds, warmUpSeconds, measureSeconds, drainSeconds }: Phases) {
  return [
    `ramp-up ${seconds(rampUpSeconds)}`,
    `warm-up ${seconds(warmUpSeconds)}`,
    `measurement ${seconds(measureSeconds)}`,
    `drain up to ${seconds(drainSeconds)}`,
  ].join(', ');
}

function gang({ gang: members, result }: RunWithResult, columns: number, colors: Colors): Section {
  if (members.length === 0) return [];
  const head = ['agent', 'role', 'clock offset', 'platform'].map((title) => colors.bold(title));
  const rows = members.map(({ agentId, role }) => {
    const environment = result?.environments[agentId];
    return [
      agentId,
      role,
      offsetText(result?.clockOffsetsMs[agentId]),
      environment === undefined ? NONE : platformLabel(environment),
    ];
  });
  return [fittedTable({ head, align: ['left', 'left', 'right'], rows, columns })];
}

/** Where the fleets connected, if the target has a name. */
function targetLines(result: RunResult | null): string[] {
  const target = result?.spec.target;
  if (target === undefined) return [];
  return Object.entries(result?.fleets ?? {}).flatMap(([agentId, { targetAddress: host }]) => {
    if (host === undefined) return [];
    const address = endpointText({ host, port: target.port });
    return [`${endpointText(target)} was ${address} to the fleet ${agentId}`];
  });
}

function firstErrorLines(result: RunResult | null): string[] {
  return firstErrorsOf(result).map(
    ({ by, error }) => `${error.class} ${errorEvidenceText(error)} (${by})`,
  );
}

/** Redis time minus the agent's clock. */
function offsetText(offsetMs: number | undefined): string {
  if (offsetMs === undefined) return NONE;
  return `${offsetMs > 0 ? '+' : ''}${offsetMs.toFixed(2)} ms`;
}

function lateText({ agentId, atMs, result }: RunResult['late'][number]): string {
  return `${agentId} (${result.role}) ${utcTime(atMs)} UTC`;
}

function titled(title: string, lines: readonly string[]): Section {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  - ${line}`)];
}
