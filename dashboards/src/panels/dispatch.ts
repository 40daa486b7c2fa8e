import { by, legend, quantile, rate, series } from '../query/promql.ts';
import { TEMPO } from '../query/sources.ts';
import { groupedBy, select, spans } from '../query/traceql.ts';
import { type Panel, promQuery, spanMetrics, spanQuery, spanRows, timeSeries } from './panel.ts';

/** The number of waiting jobs. */
export function queueLengths(): Panel {
  return timeSeries({
    title: 'Waiting jobs',
    description:
      'Jobs that are due and wait, by queue; "soaks": soaks that wait for agents, "agents": jobs for all agents together. All except soaks should be 0: jobs are short, and a job that waits is not being processed.',
    unit: 'none',
  }).withTarget(
    promQuery(
      `max ${by('oversoak.queue')} (${series('oversoak.queue.length')})`,
      legend('oversoak.queue'),
    ),
  );
}

/** The time to allocate a gang for a run. */
export function allocation(): Panel {
  const panel = timeSeries({
    title: 'Duration of a gang allocation attempt',
    description:
      'Time that the control plane takes to read the queue and the agents, decide, and take the slots in one step. It grows with the number of soaks and agents; above a second, runs start late.',
    unit: 's',
  });
  for (const [q, name] of [
    [0.5, 'p50'],
    [0.99, 'p99'],
  ] as const) {
    const counts = `sum (${rate(series('oversoak.allocation.duration'))})`;
    panel.withTarget(promQuery(quantile(q, counts), name));
  }
  return panel;
}

/** The time to prepare a part. */
export function preparation(): Panel {
  return timeSeries({
    title: 'Preparation of a part, p95',
    description:
      'From the assignment until the host process is prepared: Node.js, the addon, the bound server or the checked fleet. From traces, by agent. If one agent is far above the others, it or its disk is overloaded.',
    unit: 's',
  })
    .datasource(TEMPO)
    .withTarget(
      spanMetrics(
        `${spans('part.prepare')} | quantile_over_time(duration, 0.95) ${groupedBy('part.prepare', 'oversoak.agent.id', 'oversoak.platform')}`,
      ),
    );
}

/** The launches of runs. */
export function launches(): Panel {
  return spanRows(
    {
      title: 'Launches of runs',
      description:
        "One trace per launch, from a run's turn in the queue to its start: which agents it got, how long each took to prepare, the jobs sent to them and their reports.",
      unit: 'none',
    },
    'Start time',
  ).withTarget(
    spanQuery(
      `${spans('run.dispatch')} | ${select(
        'run.dispatch',
        'oversoak.soak.name',
        'oversoak.cell',
        'oversoak.run.repeat',
        'oversoak.run.id',
      )}`,
    ),
  );
}
