import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  AgentProbes,
  ApiToken,
  AuditEntry,
  Baseline,
  Comparison,
  CreatedToken,
  ListedAgent,
  ProbesRequested,
  RunEvent,
  RunWithResult,
  Schedule,
  ScheduleEntry,
  Soak,
  SoakDifference,
  SoaksPage,
  TokenRequest,
  Trend,
  Verdict,
} from '@oversoak/contracts';
import { PAGE, printable } from '@oversoak/contracts';
import { messageOf } from '../shell/failure.ts';
import type { SpecText } from '../spec/read-spec.ts';
import { type RunEventSource, runEvents } from './events.ts';
import { ApiUnreachable, refusal } from './problem.ts';
import { readJson } from './read-json.ts';
import { wholeIdAmong, wholeRunId, wholeSoakId } from './short-id.ts';

const ANSWER_TIMEOUT_MS = 30_000;
/** Waits before a creating request is repeated after its response was lost. */
const RETRY_WAITS_MS = [300, 1_000];

export interface ApiAddress {
  url: string;
  token: string;
}

/** What `GET /v1/soaks` filters by; soaks match all of it. */
export interface SoakFilter {
  state?: Soak['state'];
  verdict?: Verdict;
  name?: string;
  schedule?: string;
}

interface Request {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: SpecText;
  idempotencyKey?: string;
  accept?: string;
  signal?: AbortSignal | undefined;
}

const differencePath = (left: string, right: string) =>
  `v1/comparisons?${new URLSearchParams({ left, right })}`;

/**
 * Client of the REST API. Rejects with `ApiRefused` and the API's message, `ApiUnreachable`, or the
 * signal's reason.
 */
export class ApiClient {
  readonly #base: URL;
  readonly #token: string;

  constructor({ url, token }: ApiAddress) {
    this.#base = new URL(url.endsWith('/') ? url : `${url}/`);
    this.#token = token;
  }

  submit(spec: SpecText, signal?: AbortSignal): Promise<Soak> {
    return this.#make('v1/soaks', { body: spec, signal });
  }

  soak(soakId: string, signal?: AbortSignal): Promise<Soak> {
    return this.#json(`v1/soaks/${encodeURIComponent(soakId)}`, { signal });
  }

  comparison(soakId: string, signal?: AbortSignal): Promise<Comparison> {
    return this.#json(`v1/soaks/${encodeURIComponent(soakId)}/comparison`, { signal });
  }

  /** `accept`: text/csv or text/markdown. */
  async comparisonText(soakId: string, accept: string, signal?: AbortSignal): Promise<string> {
    const path = `v1/soaks/${encodeURIComponent(soakId)}/comparison`;
    const answer = await this.#request(path, { accept, signal });
    return printable(await answer.text());
  }

  /** A file: as it is, and not for a terminal. */
  async reportHtml(soakId: string, signal?: AbortSignal): Promise<string> {
    const path = `v1/soaks/${encodeURIComponent(soakId)}/report`;
    return (await this.#request(path, { accept: 'text/html', signal })).text();
  }

  /** The soak of a whole id, or of the unique beginning of one. */
  soakIdOf(text: string): Promise<string> {
    return wholeSoakId(text, (prefix) => this.#soaksWith(prefix));
  }

  runIdOf(text: string): Promise<string> {
    return wholeRunId(text, (prefix) => this.#soaksWith(prefix));
  }

  /** `baseline:NAME` and `SOAK_ID`, each with a cell or without. */
  async selectorOf(text: string): Promise<string> {
    const [id = '', ...cell] = text.split('/');
    return [await this.soakIdOf(id), ...cell].join('/');
  }

  /** An agent by its id, or by the unique beginning of it. */
  async agentIdOf(text: string): Promise<string> {
    const ids = (await this.agents()).map(({ agentId }) => agentId);
    return wholeIdAmong(text, ids);
  }

  async tokenIdOf(text: string): Promise<string> {
    return wholeIdAmong(
      text,
      (await this.tokens()).map(({ id }) => id),
    );
  }

  async scheduleNameOf(text: string): Promise<string> {
    return wholeIdAmong(
      text,
      (await this.schedules()).map(({ name }) => name),
    );
  }

  async #soaksWith(prefix: string): Promise<string[]> {
    const query = new URLSearchParams({ prefix, limit: '2' });
    const { soaks } = await this.#json<SoaksPage>(`v1/soaks?${query}`, {});
    return soaks.map(({ soakId }) => soakId);
  }

  /** Newest first, those that match every filter. A page may be short while there is a next one. */
  soaks(
    limit: number,
    cursor: string | null,
    filter: SoakFilter = {},
    signal?: AbortSignal,
  ): Promise<SoaksPage> {
    const query = new URLSearchParams({
      limit: String(limit),
      ...(cursor === null ? {} : { cursor }),
      ...filter,
    });
    return this.#json(`v1/soaks?${query}`, { signal });
  }

  run(runId: string, signal?: AbortSignal): Promise<RunWithResult> {
    return this.#json(`v1/runs/${encodeURIComponent(runId)}`, { signal });
  }

  difference(left: string, right: string): Promise<SoakDifference> {
    return this.#json(differencePath(left, right), {});
  }

  async differenceText(left: string, right: string, accept: string): Promise<string> {
    const answer = await this.#request(differencePath(left, right), { accept });
    return printable(await answer.text());
  }

  async differenceHtml(left: string, right: string): Promise<string> {
    return (await this.#request(differencePath(left, right), { accept: 'text/html' })).text();
  }

  async baselines(): Promise<Baseline[]> {
    const { baselines } = await this.#json<{ baselines: Baseline[] }>('v1/baselines', {});
    return baselines;
  }

  /** `schedule`: start the base of this schedule's trend at the soak. */
  pin(
    name: string,
    pinned: { soakId: string; note: string; schedule?: string },
  ): Promise<Baseline> {
    const text = JSON.stringify(pinned);
    const body = { text, contentType: 'application/json' as const };
    return this.#json(`v1/baselines/${encodeURIComponent(name)}`, { method: 'PUT', body });
  }

  async unpin(name: string): Promise<void> {
    await this.#request(`v1/baselines/${encodeURIComponent(name)}`, { method: 'DELETE' });
  }

  trend(schedule: string): Promise<Trend> {
    return this.#json(`v1/schedules/${encodeURIComponent(schedule)}/trend`, {});
  }

  /** Requests the cancel and returns the soak's current state; the soak ends a moment later. */
  cancel(soakId: string, signal?: AbortSignal): Promise<Soak> {
    return this.#json(`v1/soaks/${encodeURIComponent(soakId)}/cancel`, { method: 'POST', signal });
  }

  /** Deletes a finished soak with everything that is stored of it. */
  async deleteSoak(soakId: string): Promise<void> {
    await this.#request(`v1/soaks/${encodeURIComponent(soakId)}`, { method: 'DELETE' });
  }

  /** Drains an agent after its current runs, or ends the drain (`end`). */
  async drain(agentId: string, end: boolean, signal?: AbortSignal): Promise<void> {
    const path = `v1/agents/${encodeURIComponent(agentId)}/drain`;
    const answer = await this.#request(path, { method: end ? 'DELETE' : 'POST', signal });
    await answer.body?.cancel();
  }

  async schedules(): Promise<Schedule[]> {
    const { schedules } = await this.#json<{ schedules: Schedule[] }>('v1/schedules', {});
    return schedules;
  }

  schedule(name: string): Promise<Schedule> {
    return this.#json(schedulePath(name), {});
  }

  putSchedule(name: string, schedule: SpecText): Promise<Schedule> {
    return this.#json(schedulePath(name), { method: 'PUT', body: schedule });
  }

  async deleteSchedule(name: string): Promise<void> {
    await this.#request(schedulePath(name), { method: 'DELETE' });
  }

  runSchedule(name: string): Promise<Soak> {
    return this.#make(`${schedulePath(name)}/run`, {});
  }

  /** Outcomes of the schedule's latest ticks, newest first. */
  async scheduleHistory(name: string, limit: number): Promise<ScheduleEntry[]> {
    const path = `${schedulePath(name)}/history?limit=${limit}`;
    const { entries } = await this.#json<{ entries: ScheduleEntry[] }>(path, {});
    return entries;
  }

  /** The lines of the exported soak file, uncompressed. */
  async exportSoak(soakId: string): Promise<ReadableStream<Uint8Array>> {
    const path = `v1/soaks/${encodeURIComponent(soakId)}/export`;
    const answer = await this.#fetch(path, { headers: {} });
    if (answer.body === null) throw new ApiUnreachable('the export has no body');
    return answer.body;
  }

  /** `created` is false when the same soak already existed. */
  async importSoak(file: ReadableStream<Uint8Array>): Promise<{ soak: Soak; created: boolean }> {
    const answer = await this.#fetch('v1/soaks/import', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: file,
      duplex: 'half',
    });
    return { soak: readJson(await answer.text()) as Soak, created: answer.status === 201 };
  }

  async agents(signal?: AbortSignal): Promise<ListedAgent[]> {
    const { agents } = await this.#json<{ agents: ListedAgent[] }>('v1/agents', { signal });
    return agents;
  }

  /** Requests probes. Default: all live agents, all probes. Safe to repeat. */
  probe(
    request: { agents?: readonly string[]; names?: readonly string[] },
    signal?: AbortSignal,
  ): Promise<ProbesRequested> {
    const body = { text: JSON.stringify(request), contentType: 'application/json' as const };
    return this.#json('v1/probes', { method: 'POST', body, signal });
  }

  probesOf(agentId: string, signal?: AbortSignal): Promise<AgentProbes> {
    return this.#json(`v1/agents/${encodeURIComponent(agentId)}/probes`, { signal });
  }

  createToken(request: TokenRequest): Promise<CreatedToken> {
    const body = { text: JSON.stringify(request), contentType: 'application/json' as const };
    return this.#json('v1/tokens', { method: 'POST', body });
  }

  async tokens(): Promise<ApiToken[]> {
    const { tokens } = await this.#json<{ tokens: ApiToken[] }>('v1/tokens', {});
    return tokens;
  }

  async revokeToken(id: string): Promise<void> {
    await this.#request(`v1/tokens/${encodeURIComponent(id)}`, { method: 'DELETE' });
  }

  /** Newest first. */
  async audit(limit: number): Promise<AuditEntry[]> {
    const entries: AuditEntry[] = [];
    for (let cursor: string | null = ''; cursor !== null && entries.length < limit; ) {
      const size = String(Math.min(PAGE.most, limit - entries.length));
      const query = new URLSearchParams({ limit: size, ...(cursor === '' ? {} : { cursor }) });
      const page: { entries: AuditEntry[]; nextCursor: string | null } = await this.#json(
        `v1/audit?${query}`,
        {},
      );
      entries.push(...page.entries);
      cursor = page.nextCursor;
    }
    return entries;
  }

  /** All events of a run until it is done, across dropped connections. */
  runEvents(runId: string, signal: AbortSignal): AsyncGenerator<RunEvent> {
    const open: RunEventSource = async (lastEventId) => {
      const response = await this.#fetch(`v1/runs/${encodeURIComponent(runId)}/events`, {
        headers: {
          accept: 'text/event-stream',
          ...(lastEventId === '' ? {} : { 'last-event-id': lastEventId }),
        },
        signal,
      });
      if (response.body === null) throw new ApiUnreachable('the event stream has no body');
      return response.body;
    };
    return runEvents(open, signal);
  }

  /** Repeats the request if the response is lost; the idempotency key ensures a single soak. */
  async #make(path: string, request: Request): Promise<Soak> {
    const making: Request = { ...request, method: 'POST', idempotencyKey: randomUUID() };
    for (const waitMs of RETRY_WAITS_MS) {
      try {
        return await this.#json(path, making);
      } catch (error) {
        if (!(error instanceof ApiUnreachable)) throw error;
        await delay(waitMs, undefined, { signal: request.signal });
      }
    }
    return await this.#json(path, making);
  }

  async #json<T>(path: string, request: Request): Promise<T> {
    const answer = await this.#request(path, { accept: 'application/json', ...request });
    return readJson(await answer.text()) as T;
  }

  async #request(path: string, request: Request) {
    const { method = 'GET', body, accept, idempotencyKey, signal } = request;
    const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    return this.#fetch(path, {
      method,
      headers: {
        ...(accept === undefined ? {} : { accept }),
        ...(body === undefined ? {} : { 'content-type': body.contentType }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: body.text }),
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
  }

  async #fetch(
    path: string,
    init: RequestInit & { headers: Record<string, string> },
  ): Promise<Response> {
    const headers = { ...init.headers, authorization: `Bearer ${this.#token}` };
    let response: Response;
    try {
      response = await fetch(new URL(path, this.#base), { ...init, headers });
    } catch (error) {
      throw this.#unreachable(error, init.signal);
    }
    if (response.ok) return response;
    const contentType = response.headers.get('content-type') ?? '';
    throw refusal(response.status, contentType, await response.text());
  }

  #unreachable(error: unknown, signal: AbortSignal | null | undefined): unknown {
    const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
    if (signal?.aborted && !timedOut) return signal.reason;
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return new ApiUnreachable(`cannot reach the API at ${this.#base.href}: ${messageOf(cause)}`);
  }
}

function schedulePath(name: string): string {
  return `v1/schedules/${encodeURIComponent(name)}`;
}
