import type {
  AgentProbes,
  Baseline,
  Caller,
  ListedAgent,
  ProbesRequested,
  RunEvent,
  Schedule,
  ScheduleEntry,
  Soak,
  SoakDifference,
  SoakPlan,
  SoakReport,
  SoaksPage,
  Trend,
} from '@oversoak/contracts';
import { EventSource } from 'eventsource';
import { ApiProblem, Unreachable } from './problem.ts';

interface Body {
  text: string;
  contentType: 'application/json' | 'application/yaml';
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

const path = (...parts: string[]) => `v1/${parts.map(encodeURIComponent).join('/')}`;

/** What a stream of a soak tells: its events, and whether it is connected. */
export interface SoakListener {
  event(event: RunEvent): void;
  connected(isConnected: boolean): void;
}

/**
 * The REST API at the page's own address. The token stays in this object: in no storage, cookie or
 * address. Rejects with ApiProblem, or Unreachable.
 */
export class Client {
  readonly #token: string;
  readonly #signOut: () => void;

  /** `signOut` is called when the API refuses the token. */
  constructor(token: string, signOut: () => void) {
    this.#token = token;
    this.#signOut = signOut;
  }

  me(): Promise<Caller> {
    return this.#json('GET', path('me'));
  }

  soaks(cursor: string | null): Promise<SoaksPage> {
    const query = new URLSearchParams({ limit: '50', ...(cursor === null ? {} : { cursor }) });
    return this.#json('GET', `${path('soaks')}?${query}`);
  }

  soak(soakId: string): Promise<Soak> {
    return this.#json('GET', path('soaks', soakId));
  }

  report(soakId: string): Promise<SoakReport> {
    return this.#json('GET', path('soaks', soakId, 'report'));
  }

  async reportFile(soakId: string): Promise<Blob> {
    const url = `${path('soaks', soakId, 'report')}?format=html`;
    return await (await this.#request('GET', url)).blob();
  }

  plan(yaml: string): Promise<SoakPlan> {
    return this.#json('POST', path('soaks', 'plan'), yamlBody(yaml));
  }

  /** `key` makes a repeated request the same one. */
  submit(yaml: string, key: string): Promise<Soak> {
    return this.#json('POST', path('soaks'), yamlBody(yaml), { 'idempotency-key': key });
  }

  cancel(soakId: string): Promise<Soak> {
    return this.#json('POST', path('soaks', soakId, 'cancel'));
  }

  difference(left: string, right: string): Promise<SoakDifference> {
    return this.#json('GET', `${path('comparisons')}?${new URLSearchParams({ left, right })}`);
  }

  async differenceFile(left: string, right: string): Promise<Blob> {
    const query = new URLSearchParams({ left, right, format: 'html' });
    return await (await this.#request('GET', `${path('comparisons')}?${query}`)).blob();
  }

  async baselines(): Promise<Baseline[]> {
    return (await this.#json<{ baselines: Baseline[] }>('GET', path('baselines'))).baselines;
  }

  async schedules(): Promise<Schedule[]> {
    return (await this.#json<{ schedules: Schedule[] }>('GET', path('schedules'))).schedules;
  }

  async history(schedule: string): Promise<ScheduleEntry[]> {
    const url = `${path('schedules', schedule, 'history')}?limit=60`;
    return (await this.#json<{ entries: ScheduleEntry[] }>('GET', url)).entries;
  }

  trend(schedule: string): Promise<Trend> {
    return this.#json('GET', path('schedules', schedule, 'trend'));
  }

  runSchedule(schedule: string, key: string): Promise<Soak> {
    const url = path('schedules', schedule, 'run');
    return this.#json('POST', url, undefined, { 'idempotency-key': key });
  }

  async agents(): Promise<ListedAgent[]> {
    return (await this.#json<{ agents: ListedAgent[] }>('GET', path('agents'))).agents;
  }

  drain(agentId: string, end: boolean): Promise<ListedAgent> {
    return this.#json(end ? 'DELETE' : 'POST', path('agents', agentId, 'drain'));
  }

  probesOf(agentId: string): Promise<AgentProbes> {
    return this.#json('GET', path('agents', agentId, 'probes'));
  }

  probe(agentId: string): Promise<ProbesRequested> {
    const body = { text: JSON.stringify({ agents: [agentId] }), contentType: 'application/json' };
    return this.#json('POST', path('probes'), body as Body);
  }

  /** Follows the events of a soak until they end, across lost connections; answers how to stop. */
  follow(soakId: string, listener: SoakListener): () => void {
    const source = new EventSource(path('soaks', soakId, 'events'), {
      fetch: async (url, init) => {
        const response = await this.#fetch(String(url), init);
        // Any other status ends the stream for good; a control plane that restarts is waited for.
        if (response.status >= 500) throw new Unreachable();
        return response;
      },
    });
    const take = ({ data }: MessageEvent) => listener.event(JSON.parse(data) as RunEvent);
    source.addEventListener('state', take);
    source.addEventListener('sample', take);
    source.addEventListener('open', () => listener.connected(true));
    source.addEventListener('error', () => listener.connected(false));
    return () => source.close();
  }

  async #json<T>(
    method: Method,
    url: string,
    body?: Body,
    headers: Record<string, string> = {},
  ): Promise<T> {
    return (await (await this.#request(method, url, body, headers)).json()) as T;
  }

  async #request(
    method: Method,
    url: string,
    body?: Body,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const response = await this.#fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        ...headers,
        ...(body === undefined ? {} : { 'content-type': body.contentType }),
      },
      ...(body === undefined ? {} : { body: body.text }),
    });
    if (!response.ok) throw await ApiProblem.of(response);
    return response;
  }

  async #fetch(url: string, init: { headers?: object } & Omit<RequestInit, 'headers'> = {}) {
    const headers = { ...init.headers, authorization: `Bearer ${this.#token}` };
    const response = await fetch(url, { ...init, headers }).catch(() => {
      throw new Unreachable();
    });
    if (response.status === 401) this.#signOut();
    return response;
  }
}

function yamlBody(text: string): Body {
  return { text, contentType: 'application/yaml' };
}
