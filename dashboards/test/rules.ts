// What a dashboard must not do, each with a fault of that kind to plant: a rule that finds no planted
// fault holds nothing.
import { readSettings } from '@oversoak/contracts';
import { parse } from 'yaml';
import { generatedFiles } from '../src/files.ts';
import { type Query, queries } from '../src/queries.ts';
import { boardsOf, type Panel } from './boards.ts';
import { DATA_SOURCES, edited, type Files, INSTALLERS, TEMPO, targetOf } from './files.ts';

export interface Rule {
  name: string;
  /** A line for each. */
  faults(files: Files): string[];
  plants: ((files: Files) => Files)[];
}

const EXPORT_INTERVAL = 'OTEL_METRIC_EXPORT_INTERVAL';
const EXPORT_SECONDS = readSettings('telemetry', {}, [EXPORT_INTERVAL])[EXPORT_INTERVAL] / 1000;

const RULES = 'deploy/grafana/provisioning/alerting/oversoak.yaml';
const board = (name: string) => `dashboards/json/${name}.json`;
const [LIVE, NIGHTLY, NOTIFIERS] = ['live', 'nightly', 'notifiers'].map(board) as [
  string,
  string,
  string,
];
const OF_RUNS = /\/(live|notifiers|layouts)\.json: /;

const queriesOf = (files: Files): Query[] =>
  queries(new Map([...generatedFiles().keys()].map((path) => [path, files.get(path) ?? ''])));
const promqlOf = (files: Files) => queriesOf(files).filter(({ language }) => language === 'promql');
const lines = (found: readonly Query[]) => found.map(({ where, text }) => `${where}: ${text}`);

/** The titles of the panels that are wrong. */
const panels = (files: Files, isWrong: (panel: Panel) => boolean): string[] =>
  boardsOf(files).flatMap((one) =>
    one.panels.filter(isWrong).map(({ title }) => `${one.title}: ${title}`),
  );

const hoursOf = (text: string): number => {
  const [, count = '', unit = ''] = /^(\d+)([hdm])$/.exec(text) ?? [];
  return Number(count) * ({ m: 1 / 60, h: 1, d: 24 }[unit] ?? Number.NaN);
};

/** Which of the dashboard's variables each selector of a query is filtered by. */
export const filtersOf = (promql: string): string[] =>
  [...promql.matchAll(/\{([^}]*)\}/g)].map(([, inside = '']) =>
    [...inside.matchAll(/\$(\w+)/g)]
      .map(([, name]) => name)
      .sort()
      .join(' '),
  );

export const RULES_OF_BOARDS: Rule[] = [
  {
    name: 'Tempo is asked for no longer a time than it answers for',
    faults(files) {
      const { search, metrics } = parse(files.get(TEMPO) ?? '').query_frontend;
      return boardsOf(files).flatMap(({ title, panels: own, from }) => {
        const asked = hoursOf(from.replace('now-', ''));
        const spans = own
          .flatMap(({ targets }) => targets)
          .filter(({ queryType }) => queryType === 'traceql');
        const within = (what: string, most: string) =>
          asked <= hoursOf(most) ? [] : [`${title}: ${what} for ${from}, of ${most}`];
        return [
          ...(spans.length > 0 ? within('search', search.max_duration) : []),
          ...(spans.some(({ metricsQueryType }) => metricsQueryType !== undefined)
            ? within('metrics', metrics.max_duration)
            : []),
        ];
      });
    },
    plants: [
      // What Tempo does unless it is told otherwise.
      (files) => new Map(files).set(TEMPO, (files.get(TEMPO) ?? '').replace('720h', '168h')),
      (files) => edited(files, LIVE, (json) => Object.assign(json.time, { from: 'now-8d' })),
    ],
  },
  {
    name: 'a count of a run is divided by the time that the run counted, not by that of a window',
    faults: (files) =>
      lines(
        promqlOf(files)
          .filter(({ where }) => OF_RUNS.test(where))
          .filter(({ text }) => /\b(i?rate|increase)\(/.test(text))
          .filter(({ text }) => !/ \/ |histogram_(quantile|avg)/.test(text)),
      ),
    plants: [
      (files) =>
        edited(files, LIVE, (json) => {
          const target = targetOf(json, 'Messages', 0);
          target.expr = target.expr?.replace(/ \/ .*/s, '');
        }),
    ],
  },
  {
    name: 'Grafana expects the interval at which telemetry is exported, wherever an agent runs',
    faults(files) {
      const { datasources } = parse(files.get(DATA_SOURCES) ?? '') as {
        datasources: { jsonData: { timeInterval?: string } }[];
      };
      const intervals = datasources.flatMap(({ jsonData }) => jsonData.timeInterval ?? []);
      const expected = `${EXPORT_SECONDS}s`;
      return [
        ...(intervals.join() === expected ? [] : [`${intervals} and not ${expected}`]),
        ...INSTALLERS.filter((path) => files.get(path)?.includes(EXPORT_INTERVAL)),
      ];
    },
    plants: [
      (files) =>
        new Map(files).set(DATA_SOURCES, (files.get(DATA_SOURCES) ?? '').replace('10s', '60s')),
      ...INSTALLERS.map(
        (path) => (files: Files) =>
          new Map(files).set(path, `${files.get(path)}\n${EXPORT_INTERVAL}=60000\n`),
      ),
    ],
  },
  {
    name: 'the lateness of a fleet is what the fleet caused, beside what the server held back',
    faults(files) {
      const late = (text: string) => text.includes('oversoak_messages_late_total');
      return panels(files, ({ title, targets }) => {
        const texts = targets.map(({ expr = '' }) => expr);
        const isBlamed = /lateness/i.test(title);
        return (
          (isBlamed && texts.some((text) => !text.includes('oversoak_echo_send_lag_seconds'))) ||
          (texts.some(late) && !texts.some((text) => text.includes('oversoak_messages_held_total')))
        );
      });
    },
    plants: [
      (files) =>
        edited(files, LIVE, (json) => {
          const target = targetOf(json, 'Lateness of the fleet itself, p99', 0);
          const latency = (from: string) =>
            `histogram_quantile(0.99, sum (rate(oversoak_echo_latency_seconds{oversoak_soak_id=~"$soak", oversoak_latency_from="${from}"}[$__rate_interval])))`;
          target.expr = `${latency('intended')} - ${latency('actual')}`;
        }),
      (files) =>
        edited(files, LIVE, (json) => {
          const messages = json.panels.find(({ title }) => title === 'Messages');
          messages?.targets?.splice(1, 1);
        }),
    ],
  },
  {
    name: 'the parts of a quotient cover the same runs',
    faults: (files) =>
      lines(
        promqlOf(files)
          .filter(({ text }) => / \/ /.test(text))
          .filter(({ text }) => new Set(filtersOf(text)).size > 1),
      ),
    plants: [
      (files) =>
        edited(files, NOTIFIERS, (json) => {
          const target = targetOf(json, 'CPU time of the server for one echo', 0);
          // Echoes of one run beside the CPU time of all.
          target.expr = target.expr?.replaceAll(
            'oversoak_messages_echoed_total{',
            'oversoak_messages_echoed_total{oversoak_run_id=~"$run", ',
          );
        }),
    ],
  },
  {
    name: 'cells of two soaks are never merged',
    faults: (files) =>
      boardsOf(files).flatMap(({ title, variables }) =>
        variables
          .filter(({ name, multi, includeAll }) => name === 'soak' && (multi || includeAll))
          .map(() => title),
      ),
    plants: [
      (files) =>
        edited(files, LIVE, ({ templating }) => {
          const soak = templating.list.find(({ name }) => name === 'soak');
          Object.assign(soak ?? {}, { multi: true, includeAll: true });
        }),
    ],
  },
  {
    name: 'a figure has thresholds of its own: the defaults of Grafana are red from 80 on',
    faults: (files) =>
      panels(
        files,
        ({ type, fieldConfig }) =>
          ['stat', 'gauge', 'bargauge'].includes(type) &&
          fieldConfig.defaults.thresholds === undefined,
      ),
    plants: [
      [LIVE, 'Resident memory of the server, growth per hour'] as const,
      [NIGHTLY, 'Regressions'] as const,
    ].map(
      ([path, of]) =>
        (files: Files) =>
          edited(files, path, (json) => {
            const panel = json.panels.find(({ title }) => title === of);
            delete panel?.fieldConfig?.defaults?.thresholds;
          }),
    ),
  },
  {
    name: 'the parts of a stack are named by a legend',
    faults: (files) =>
      panels(
        files,
        ({ type, options }) =>
          (type === 'barchart' || type === 'timeseries') && options?.legend?.showLegend !== true,
      ),
    plants: [
      (files) =>
        edited(files, NOTIFIERS, (json) => {
          const bars = json.panels.find(({ type }) => type === 'barchart');
          Object.assign(bars?.options?.legend ?? {}, { showLegend: false });
        }),
    ],
  },
  {
    name: 'the links to the other dashboards are visible',
    faults: (files) =>
      boardsOf(files)
        .filter(({ links }) => links.length !== 1 || links[0]?.placement !== undefined)
        .map(({ title }) => title),
    plants: [
      (files) =>
        edited(files, LIVE, ({ links }) =>
          Object.assign(links[0] ?? {}, { placement: 'inControlsMenu' }),
        ),
    ],
  },
  {
    name: 'a search of spans with a limit says so, and the highest of what it finds is on top',
    faults: (files) =>
      panels(files, ({ description, targets, options }) => {
        const limit = targets.find((target) => target.limit !== undefined)?.limit;
        if (limit === undefined) return false;
        return !description.includes(`up to ${limit} spans`) || options?.sortBy?.[0]?.desc !== true;
      }),
    plants: [
      (files) =>
        edited(files, LIVE, (json) => {
          const slow = json.panels.find(({ title }) => title === 'Slow echoes');
          delete slow?.options?.sortBy;
        }),
      (files) =>
        edited(files, LIVE, (json) =>
          Object.assign(targetOf(json, 'Slow echoes', 0), { limit: 20 }),
        ),
    ],
  },
  {
    name: 'a slope is shown with the ends of its interval',
    faults: (files) =>
      panels(files, ({ description, targets }) =>
        targets.some(
          ({ expr = '', legendFormat = '' }) =>
            expr.includes('oversoak_run_drift_') &&
            !(
              /by \([^)]*oversoak_drift_estimate/.test(expr) &&
              legendFormat.includes('{{oversoak_drift_estimate}}') &&
              /"low" and "high"/.test(description)
            ),
        ),
      ),
    plants: [
      (files) =>
        edited(files, NIGHTLY, (json) => {
          const target = targetOf(json, 'Drift of the p99, per hour', 0);
          target.expr = target.expr?.replace(', oversoak_drift_estimate', '');
        }),
    ],
  },
  {
    name: 'every panel of the nights is limited to the chosen schedules, its traces too',
    faults: (files) =>
      lines(
        queriesOf(files)
          .filter(({ where }) => /nightly\.json: (?!variable schedule)/.test(where))
          .filter(({ text }) => !/\$\{?schedule/.test(text)),
      ),
    plants: [
      (files) =>
        edited(files, NIGHTLY, (json) => {
          const target = targetOf(json, 'Runs that passed', 0);
          target.expr = target.expr?.replaceAll('oversoak_schedule=~"$schedule"', 'job!=""');
        }),
      (files) =>
        edited(files, NIGHTLY, (json) => {
          const target = targetOf(json, 'Runs that did not pass, and why', 0);
          // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana's
          const own = 'span.oversoak.schedule =~ "${schedule:pipe}" && ';
          if (!target.query?.includes(own)) throw new Error('the query has no schedule');
          target.query = target.query.replace(own, '');
        }),
    ],
  },
  {
    name: 'a schedule that stopped raises an alert',
    faults: (files) =>
      queriesOf(files).some(
        ({ where, text }) => where.startsWith(RULES) && text.includes('oversoak_schedule_stopped'),
      )
        ? []
        : ['no alert asks for oversoak_schedule_stopped'],
    plants: [
      (files) =>
        new Map(files).set(
          RULES,
          (files.get(RULES) ?? '').replaceAll('oversoak_schedule_stopped', 'oversoak_regressions'),
        ),
    ],
  },
];
