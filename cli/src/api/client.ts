import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Oversoak, type TextType } from '@oversoak/client';
import { type AuditEntry, PAGE, printable, type RunEvent, type Soak } from '@oversoak/contracts';
import { CannotRun } from '../shell/failure.ts';
import type { SpecText } from '../spec/read-spec.ts';
import { runEvents } from './events.ts';
import { ApiUnreachable, refusal, unreachable } from './problem.ts';
import { printableValue } from './read-json.ts';
import { MAX_FOUND, wholeIdAmong, wholeRunId, wholeSoakId } from './short-id.ts';

const ANSWER_TIMEOUT_MS = 30_000;
/** Waits before a creating request is repeated after its response was lost. */
const RETRY_WAITS_MS = [300, 1_000];

/** What takes as long as its content does. */
const STREAMS = /\/(events|export|import)$/;

export interface ApiAddress {
  url: string;
  token: string;
}

/**
 * The API as the commands use it: ids by their beginnings, requests that are repeated when a
 * response is lost, answers that are fit for a terminal. Rejects with `ApiRefused` and the API's
 * message, `ApiUnreachable`, or the signal's reason.
 */
export class ApiClient extends Oversoak {
  constructor({ url, token }: ApiAddress) {
    super({
      url,
      token,
      fetch: async (request) => {
        const base = new URL('.', url.endsWith('/') ? url : `${url}/`).href;
        const response = await send(request, base);
        requireAnswer(request, response, base);
        return response;
      },
      refused: refusal,
      read: printableValue,
    });
  }

  submit(spec: SpecText, signal?: AbortSignal): Promise<Soak> {
    const key = randomUUID();
    return repeated(() => this.submitOnce(spec, key, signal), signal);
  }

  runSchedule(name: string): Promise<Soak> {
    const key = randomUUID();
    return repeated(() => this.runScheduleOnce(name, key));
  }

  override async comparisonText(soakId: string, accept: TextType, signal?: AbortSignal) {
    return printable(await super.comparisonText(soakId, accept, signal));
  }

  override async differenceText(left: string, right: string, accept: TextType) {
    const text = await super.differenceText(left, right, accept);
    // A file is written unchanged: only a terminal needs the text without control characters.
    return accept === 'text/html' ? text : printable(text);
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
    const agents = await this.agents();
    return wholeIdAmong(
      text,
      agents.map(({ agentId }) => agentId),
    );
  }

  async tokenIdOf(text: string): Promise<string> {
    const tokens = await this.tokens();
    return wholeIdAmong(
      text,
      tokens.map(({ id }) => id),
    );
  }

  async scheduleNameOf(text: string): Promise<string> {
    const schedules = await this.schedules();
    return wholeIdAmong(
      text,
      schedules.map(({ name }) => name),
    );
  }

  async #soaksWith(prefix: string): Promise<string[]> {
    const params = { query: { prefix, limit: MAX_FOUND } };
    const { soaks } = await this.json(this.api.GET('/v1/soaks', { params }));
    return soaks.map(({ soakId }) => soakId);
  }

  /** The newest entries of the audit, newest first. */
  async newestAudit(limit: number): Promise<AuditEntry[]> {
    const entries: AuditEntry[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<Oversoak['audit']>> = await this.audit(
        Math.min(PAGE.most, limit - entries.length),
        cursor,
      );
      entries.push(...page.entries);
      cursor = page.nextCursor;
    } while (cursor !== null && entries.length < limit);
    return entries;
  }

  /** All events of a run until it is done, across dropped connections. */
  runEvents(runId: string, signal: AbortSignal): AsyncGenerator<RunEvent> {
    return runEvents((lastEventId) => this.runStream(runId, lastEventId, signal), signal);
  }
}

/** Repeats a request whose response was lost; its key ensures that it has an effect once. */
async function repeated<T>(request: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (const waitMs of RETRY_WAITS_MS) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof ApiUnreachable)) throw error;
      await delay(waitMs, undefined, { signal });
    }
  }
  return await request();
}

async function send(request: Request, base: string): Promise<Response> {
  const isStream = STREAMS.test(new URL(request.url).pathname);
  const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const signal = isStream ? request.signal : AbortSignal.any([request.signal, timeout]);
  try {
    const response = await fetch(request, { signal });
    // Within the time, and told as the connection's fault if the rest does not come.
    return isStream ? response : await whole(response);
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    throw unreachable(base, error);
  }
}

/** Something else may answer at the address, such as the page on which a proxy asks who comes. */
function requireAnswer(request: Request, { ok, body, headers }: Response, base: string): void {
  const type = headers.get('content-type') ?? 'text of no type';
  const isAsked = request.headers.get('accept') === 'application/json';
  if (!ok || body === null || !isAsked || type.includes('json')) return;
  throw new CannotRun(
    `${base} answered with ${printable(type)} in place of JSON: is it the address of an API of oversoak?`,
  );
}

async function whole(response: Response): Promise<Response> {
  const { status, statusText, headers } = response;
  const body = response.body === null ? null : await response.arrayBuffer();
  return new Response(body, { status, statusText, headers });
}
