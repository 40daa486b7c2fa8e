import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from '@oversoak/testing/repository';
import getPort from 'get-port';
import { Child } from 'oversoak/cluster/child';

/** From dist/e2e. */
const PROGRAM = join(REPOSITORY, '.oversoak/prometheus');
/** That of the stack. */
const CONFIGURATION = join(REPOSITORY, 'deploy/prometheus/prometheus.yml');
const READY_MS = 30_000;

/** One series of an answer. A native histogram has its count, sum and buckets. */
export interface Series {
  metric: Record<string, string>;
  value?: [number, string];
  values?: [number, string][];
  histogram?: [number, { count: string }];
  histograms?: [number, { count: string }][];
}

export interface Answer {
  result: Series[];
  /** What Prometheus finds strange about a query that it answers all the same. */
  remarks: string[];
}

/** A real Prometheus 3 with nothing in it, for one test. */
export class Prometheus {
  readonly url: string;
  readonly #child: Child;
  readonly #folder: string;

  private constructor(url: string, child: Child, folder: string) {
    this.url = url;
    this.#child = child;
    this.#folder = folder;
  }

  static async start(): Promise<Prometheus> {
    if (!existsSync(PROGRAM)) {
      throw new Error(`${PROGRAM} is missing: run "npm run setup -- --all-tests" first`);
    }
    const folder = await mkdtemp(join(tmpdir(), 'oversoak-prometheus-'));
    const address = `127.0.0.1:${await getPort({ host: '127.0.0.1' })}`;
    const child = await Child.start({
      name: 'prometheus',
      command: PROGRAM,
      args: [
        `--config.file=${CONFIGURATION}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        '--web.enable-otlp-receiver',
        // 3.9 and later, as in the stack, have them without it.
        '--enable-feature=native-histograms',
      ],
      env: process.env,
      cwd: folder,
      logFile: join(folder, 'prometheus.log'),
      stopBy: 'SIGTERM',
    });
    const ready = (line: string) => (/Server is ready/.test(line) ? true : undefined);
    await child.ready(ready, READY_MS, AbortSignal.timeout(READY_MS));
    return new Prometheus(`http://${address}`, child, folder);
  }

  /** For OTEL_EXPORTER_OTLP_METRICS_ENDPOINT. */
  get receiver(): string {
    return `${this.url}/api/v1/otlp/v1/metrics`;
  }

  /** At a moment, Unix seconds. Rejects with what Prometheus says against the query. */
  at(query: string, seconds: number): Promise<Answer> {
    return this.#ask('query', { query, time: String(seconds) });
  }

  /** From one moment to another, a value for each step; seconds. */
  over(query: string, from: number, to: number, step: number): Promise<Answer> {
    const range = { start: String(from), end: String(to), step: String(step) };
    return this.#ask('query_range', { query, ...range });
  }

  async stop(): Promise<void> {
    await this.#child.stop();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #ask(path: string, parameters: Record<string, string>): Promise<Answer> {
    const answer = await fetch(`${this.url}/api/v1/${path}`, {
      method: 'POST',
      body: new URLSearchParams(parameters),
    });
    const {
      data,
      error,
      warnings = [],
      infos = [],
    } = (await answer.json()) as {
      data?: { result: Series[] };
      error?: string;
      warnings?: string[];
      infos?: string[];
    };
    if (data === undefined) throw new Error(`${error}: ${parameters.query}`);
    return { result: data.result, remarks: [...warnings, ...infos] };
  }
}
