import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { lostAgents } from '../panels/agents.ts';
import { droppedWithin } from '../panels/telemetry.ts';
import { regressionCount, stoppedSchedules } from '../panels/trend.ts';
import { badNights } from '../panels/verdicts.ts';
import { type Alert, labelled } from './alert.ts';

/** The conditions that notify an operator. */
export function alerts(boards: { nightly: Dashboard; agents: Dashboard }): Alert[] {
  const { nightly, agents } = boards;
  return [
    {
      uid: 'oversoak-failed-nightly',
      title: 'A nightly did not pass',
      expr: badNights(),
      lasts: '0s',
      summary: `The last soak of ${labelled('oversoak.schedule')} is ${labelled('oversoak.verdict')}`,
      description:
        'failed: the server missed a threshold or made errors. inconclusive: the test was not sound, and nothing is known about the server. `oversoak schedules history` names the soak, `oversoak show` its reasons. The alert ends with the next soak that passes.',
      severity: 'critical',
      shownBy: { board: nightly, panel: 'Last night' },
    },
    {
      uid: 'oversoak-regression',
      title: 'A schedule has a regression',
      expr: regressionCount(),
      lasts: '0s',
      summary: `${labelled('oversoak.schedule')} has figures that are worse than its base`,
      description:
        '`oversoak trend` names the figures, the cells, and the night in which it began. The alert ends when the nights match the base again, or when you accept the new level: `oversoak baselines pin NAME SOAK --schedule SCHEDULE`.',
      severity: 'warning',
      shownBy: { board: nightly, panel: 'Regressions' },
    },
    {
      uid: 'oversoak-schedule-stopped',
      title: 'A schedule stopped',
      expr: stoppedSchedules(),
      lasts: '5m',
      summary: `${labelled('oversoak.schedule')} is enabled but submits no soaks`,
      description:
        'Its tick is overdue, or its last ticks were skipped or refused: `oversoak schedules` shows which, `oversoak schedules history` shows why. The alert ends with the next tick that submits a soak.',
      severity: 'critical',
      shownBy: { board: nightly, panel: 'Stopped schedules' },
    },
    {
      uid: 'oversoak-lost-agents',
      title: 'Agents are lost',
      expr: lostAgents(),
      lasts: '2m',
      summary: `Agents on ${labelled('oversoak.platform')} have lost their lease`,
      description:
        'Runs of these agents end inconclusive. Check that the machine is up and reaches Redis. To take an agent out of service, drain it, then stop it.',
      severity: 'critical',
      shownBy: { board: agents, panel: 'Lost agents' },
    },
    {
      uid: 'oversoak-telemetry-dropped',
      title: 'Telemetry is dropped',
      expr: droppedWithin('10m'),
      lasts: '10m',
      summary: 'Traces or metrics could not be delivered',
      description:
        'Runs and their results are not affected, but the dashboards lack the dropped data. Check that Tempo and Prometheus are up and have disk space.',
      severity: 'warning',
      shownBy: { board: agents, panel: 'Dropped telemetry' },
    },
  ];
}
