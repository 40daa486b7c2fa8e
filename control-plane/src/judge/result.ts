import {
  type Report,
  type RunResult,
  type SoakSpec,
  type System,
  systemOf,
} from '@oversoak/contracts';
import { publicRun, type RunRecord } from '../model/run-record.ts';

/** Assembles a run's reports into one self-contained document. */
export function assembleResult(
  run: RunRecord,
  spec: SoakSpec,
  reports: readonly Report[],
  events: RunResult['events'],
): RunResult {
  const result: RunResult = {
    run: publicRun(run),
    spec,
    environments: {},
    clockOffsetsMs: {},
    server: null,
    fleets: {},
    notes: run.notes,
    events,
    evidence: null,
    late: [],
  };
  for (const report of reports) {
    if (report.epoch !== run.epoch) continue;
    if (report.kind === 'prepared') {
      result.environments[report.agentId] = report.environment;
      result.clockOffsetsMs[report.agentId] = report.clockOffsetMs;
    }
    if (report.kind === 'finished') {
      if (report.result.role === 'server') result.server = report.result;
      else result.fleets[report.agentId] = report.result;
    }
  }
  return result;
}

/** The server's platform, or the fleet's for a target; null if no member was prepared. */
export function systemOfResult({ run, environments }: RunResult): System | null {
  const shown = run.gang.find(({ role }) => role === 'server') ?? run.gang[0];
  const environment = shown === undefined ? undefined : environments[shown.agentId];
  return environment === undefined ? null : systemOf(environment);
}
