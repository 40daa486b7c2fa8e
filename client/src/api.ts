import type {
  AgentProbes,
  ApiToken,
  AuditEntry,
  Baseline,
  BaselineRequest,
  Caller,
  Comparison,
  CreatedToken,
  Enrolment,
  EnrolmentRequest,
  JoinToken,
  ListedAgent,
  ProbesRequested,
  RunWithResult,
  Schedule,
  ScheduleEntry,
  Soak,
  SoakDifference,
  SoakPlan,
  SoakReport,
  SoaksPage,
  TokenRequest,
  Trend,
} from '@oversoak/contracts';
import createClient, { type Client } from 'openapi-fetch';
import type { components, operations, paths } from './schema.ts';

/** What the API refused with: problem+json, or the text of whatever answered in its place. */
export interface Refused {
  status: number;
  contentType: string;
  body: unknown;
}

export interface OversoakOptions {
  /** Address of the control plane. */
  url: string;
  token: string;
  /** Sends a request; what it throws is what the method throws. */
  fetch: (request: Request) => Promise<Response>;
  /** The error for a refusal. */
  refused: (refused: Refused) => Error;
  /** What is done with each JSON answer before it is returned; default: nothing. */
  read?: (answer: unknown) => unknown;
}

/** A spec or a schedule as it was written. */
export interface Written {
  text: string;
  contentType: 'application/json' | 'application/yaml';
}

export type SoakFilter = Pick<
  NonNullable<operations['listSoaks']['parameters']['query']>,
  'state' | 'verdict' | 'name' | 'schedule' | 'prefix'
>;

/** The headers that request text instead of JSON. */
export type TextType = 'text/csv' | 'text/markdown' | 'text/html';

export type ByteStream = ReadableStream<Uint8Array>;

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * The REST API, typed by its OpenAPI document: a call that the document does not have does not
 * compile. Every method rejects with what `refused` or `fetch` gives.
 */
export class Oversoak {
  protected readonly api: Client<paths>;
  readonly #options: OversoakOptions;

  constructor(options: OversoakOptions) {
    this.#options = options;
    this.api = createClient<paths>({
      baseUrl: options.url,
      fetch: options.fetch,
      headers: { accept: 'application/json', authorization: `Bearer ${options.token}` },
    });
  }

  me(): Promise<Caller> {
    return this.json(this.api.GET('/v1/me'));
  }

  /** A repeated request with the same key returns the soak of the first one. */
  submitOnce(spec: Written, key: string, signal?: AbortSignal): Promise<Soak> {
    const header = { 'idempotency-key': key };
    return this.json(this.api.POST('/v1/soaks', { params: { header }, ...written(spec, signal) }));
  }

  plan(spec: Written): Promise<SoakPlan> {
    return this.json(this.api.POST('/v1/soaks/plan', written(spec)));
  }

  /** Newest first, those that match every filter. A page may be short while there is a next one. */
  soaks(limit: number, cursor: string | null, filter: SoakFilter = {}): Promise<SoaksPage> {
    const query = { limit, ...(cursor === null ? {} : { cursor }), ...filter };
    return this.json(this.api.GET('/v1/soaks', { params: { query } }));
  }

  /** The first `limit` that match every filter, from as many pages as that takes. */
  async matchingSoaks(
    limit: number,
    cursor: string | null,
    filter: SoakFilter,
  ): Promise<SoaksPage> {
    const soaks: SoaksPage['soaks'] = [];
    let next = cursor;
    do {
      const page = await this.soaks(limit - soaks.length, next, filter);
      soaks.push(...page.soaks);
      next = page.nextCursor;
    } while (next !== null && soaks.length < limit);
    return { soaks, nextCursor: next };
  }

  soak(soakId: string, signal?: AbortSignal): Promise<Soak> {
    return this.json(this.api.GET('/v1/soaks/{soakId}', inPath({ soakId }, signal)));
  }

  comparison(soakId: string, signal?: AbortSignal): Promise<Comparison> {
    return this.json(this.api.GET('/v1/soaks/{soakId}/comparison', inPath({ soakId }, signal)));
  }

  comparisonText(soakId: string, accept: TextType, signal?: AbortSignal): Promise<string> {
    const options = { ...inPath({ soakId }, signal), ...asText(accept) };
    return this.text(this.api.GET('/v1/soaks/{soakId}/comparison', options));
  }

  report(soakId: string): Promise<SoakReport> {
    return this.json(this.api.GET('/v1/soaks/{soakId}/report', inPath({ soakId })));
  }

  /** One HTML file that needs no network. */
  reportHtml(soakId: string, signal?: AbortSignal): Promise<string> {
    const options = { ...inPath({ soakId }, signal), ...asText('text/html') };
    return this.text(this.api.GET('/v1/soaks/{soakId}/report', options));
  }

  /** Requests the cancel and returns the soak's current state; the soak ends a moment later. */
  cancel(soakId: string, signal?: AbortSignal): Promise<Soak> {
    return this.json(this.api.POST('/v1/soaks/{soakId}/cancel', inPath({ soakId }, signal)));
  }

  /** Deletes a finished soak with everything that is stored of it. */
  deleteSoak(soakId: string): Promise<void> {
    return this.nothing(this.api.DELETE('/v1/soaks/{soakId}', inPath({ soakId })));
  }

  run(runId: string, signal?: AbortSignal): Promise<RunWithResult> {
    return this.json(this.api.GET('/v1/runs/{runId}', inPath({ runId }, signal)));
  }

  difference(left: string, right: string): Promise<SoakDifference> {
    return this.json(this.api.GET('/v1/comparisons', { params: { query: { left, right } } }));
  }

  differenceText(left: string, right: string, accept: TextType): Promise<string> {
    const params = { query: { left, right } };
    return this.text(this.api.GET('/v1/comparisons', { params, ...asText(accept) }));
  }

  async baselines(): Promise<Baseline[]> {
    return (await this.json(this.api.GET('/v1/baselines'))).baselines;
  }

  pin(name: string, pinned: BaselineRequest): Promise<Baseline> {
    const options = { ...inPath({ name }), body: pinned };
    return this.json(this.api.PUT('/v1/baselines/{name}', options));
  }

  unpin(name: string): Promise<void> {
    return this.nothing(this.api.DELETE('/v1/baselines/{name}', inPath({ name })));
  }

  async schedules(): Promise<Schedule[]> {
    return (await this.json(this.api.GET('/v1/schedules'))).schedules;
  }

  schedule(name: string): Promise<Schedule> {
    return this.json(this.api.GET('/v1/schedules/{name}', inPath({ name })));
  }

  putSchedule(name: string, schedule: Written): Promise<Schedule> {
    const options = { ...inPath({ name }), ...written(schedule) };
    return this.json(this.api.PUT('/v1/schedules/{name}', options));
  }

  deleteSchedule(name: string): Promise<void> {
    return this.nothing(this.api.DELETE('/v1/schedules/{name}', inPath({ name })));
  }

  runScheduleOnce(name: string, key: string): Promise<Soak> {
    const params = { path: { name }, header: { 'idempotency-key': key } };
    return this.json(this.api.POST('/v1/schedules/{name}/run', { params }));
  }

  /** Outcomes of the schedule's latest ticks, newest first. */
  async scheduleHistory(name: string, limit: number): Promise<ScheduleEntry[]> {
    const params = { path: { name }, query: { limit } };
    const answer = this.api.GET('/v1/schedules/{name}/history', { params });
    return (await this.json(answer)).entries;
  }

  trend(name: string): Promise<Trend> {
    return this.json(this.api.GET('/v1/schedules/{name}/trend', inPath({ name })));
  }

  async agents(signal?: AbortSignal): Promise<ListedAgent[]> {
    return (await this.json(this.api.GET('/v1/agents', withSignal(signal)))).agents;
  }

  /** Drains an agent after its current runs, or ends the drain (`end`). */
  drain(agentId: string, end: boolean): Promise<ListedAgent> {
    const options = inPath({ agentId });
    return end
      ? this.json(this.api.DELETE('/v1/agents/{agentId}/drain', options))
      : this.json(this.api.POST('/v1/agents/{agentId}/drain', options));
  }

  /** Requests probes. Default: all live agents, all probes. Safe to repeat. */
  probe(
    request: { agents?: readonly string[]; names?: readonly string[] },
    signal?: AbortSignal,
  ): Promise<ProbesRequested> {
    // Names are the user's own text; the API says which ones it knows.
    const body = request as components['schemas']['ProbesRequest'];
    return this.json(this.api.POST('/v1/probes', { body, ...withSignal(signal) }));
  }

  probesOf(agentId: string, signal?: AbortSignal): Promise<AgentProbes> {
    return this.json(this.api.GET('/v1/agents/{agentId}/probes', inPath({ agentId }, signal)));
  }

  createToken(request: TokenRequest): Promise<CreatedToken> {
    return this.json(this.api.POST('/v1/tokens', { body: request }));
  }

  async tokens(): Promise<ApiToken[]> {
    return (await this.json(this.api.GET('/v1/tokens'))).tokens;
  }

  revokeToken(id: string): Promise<void> {
    return this.nothing(this.api.DELETE('/v1/tokens/{id}', inPath({ id })));
  }

  /** A token with which one machine may join as an agent. */
  enrolAgent(request: EnrolmentRequest): Promise<JoinToken> {
    return this.json(this.api.POST('/v1/enrolments', { body: request }));
  }

  async enrolments(): Promise<Enrolment[]> {
    return (await this.json(this.api.GET('/v1/enrolments'))).enrolments;
  }

  /** A token for a new identity of an enrolled agent. */
  rotateAgent(agentId: string): Promise<JoinToken> {
    return this.json(this.api.POST('/v1/enrolments/{agentId}/rotate', inPath({ agentId })));
  }

  revokeAgent(agentId: string): Promise<void> {
    return this.nothing(this.api.DELETE('/v1/enrolments/{agentId}', inPath({ agentId })));
  }

  /** A page of the audit, newest first. */
  audit(
    limit: number,
    cursor: string | null,
  ): Promise<{ entries: AuditEntry[]; nextCursor: string | null }> {
    const query = { limit, ...(cursor === null ? {} : { cursor }) };
    return this.json(this.api.GET('/v1/audit', { params: { query } }));
  }

  /** The events of a run after the one with this id; an empty id: from the start. */
  async runStream(runId: string, lastEventId: string, signal: AbortSignal): Promise<ByteStream> {
    const after = lastEventId === '' ? {} : { 'last-event-id': lastEventId };
    const headers = { accept: 'text/event-stream', ...after };
    const options = { ...inPath({ runId }, signal), parseAs: 'stream' as const, headers };
    return this.stream(this.api.GET('/v1/runs/{runId}/events', options));
  }

  /** The lines of a soak's file, uncompressed. */
  exportSoak(soakId: string): Promise<ByteStream> {
    const options = {
      ...inPath({ soakId }),
      parseAs: 'stream' as const,
      headers: { accept: '*/*' },
    };
    return this.stream(this.api.GET('/v1/soaks/{soakId}/export', options));
  }

  /** `created` is false when the same soak already existed. */
  async importSoak(file: ByteStream): Promise<{ soak: Soak; created: boolean }> {
    const options = {
      body: file as never,
      bodySerializer: (body: unknown) => body as never,
      headers: { 'content-type': 'application/x-ndjson' },
      // fetch requires it of a stream; the types of the DOM lack it.
      ...({ duplex: 'half' } as object),
    };
    const answer = this.api.POST('/v1/soaks/import', options);
    const soak: Soak = await this.json(answer);
    return { soak, created: (await answer).response.status === 201 };
  }

  /** The value of a JSON answer. */
  protected async json<T>(answer: Promise<Answer<T>>): Promise<T> {
    const { data } = await this.accepted(answer);
    const { read = (value: unknown) => value } = this.#options;
    return read(data) as T;
  }

  protected async text(answer: Promise<Answer<unknown>>): Promise<string> {
    return String((await this.accepted(answer)).data);
  }

  protected async stream(answer: Promise<Answer<unknown>>): Promise<ByteStream> {
    const { body } = (await this.accepted(answer)).response;
    if (body === null) throw new Error('the answer has no body');
    return body;
  }

  protected async nothing(answer: Promise<Answer<unknown>>): Promise<void> {
    await this.accepted(answer);
  }

  protected async accepted<T>(answer: Promise<Answer<T>>): Promise<Answer<T>> {
    const given = await answer;
    const { ok, status, headers } = given.response;
    if (ok) return given;
    const contentType = headers.get('content-type') ?? '';
    throw this.#options.refused({ status, contentType, body: given.error });
  }
}

function withSignal(signal?: AbortSignal) {
  return signal === undefined ? {} : { signal };
}

function inPath<P>(path: P, signal?: AbortSignal) {
  return { params: { path }, ...withSignal(signal) };
}

function asText(accept: TextType) {
  return { parseAs: 'text' as const, headers: { accept } };
}

/** The text goes out as it is; the control plane reads JSON and YAML, and names what is wrong. */
function written({ text, contentType }: Written, signal?: AbortSignal) {
  return {
    // The document types what the text stands for.
    body: text as never,
    bodySerializer: (body: unknown) => String(body),
    headers: { 'content-type': contentType },
    ...withSignal(signal),
  };
}
