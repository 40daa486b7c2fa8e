import { Oversoak, type SoakFilter } from '@oversoak/client';
import type { ProbesRequested, RunEvent, Soak, SoakPlan } from '@oversoak/contracts';
import { EventSource } from 'eventsource';
import { ApiProblem, Unreachable } from './problem.ts';

/** Receives the events of a soak's stream, and whether it is connected. */
export interface SoakListener {
  event(event: RunEvent): void;
  connected(isConnected: boolean): void;
}

/** Soaks on one page. */
const PAGE = 50;

const yamlBody = (text: string) => ({ text, contentType: 'application/yaml' as const });

/**
 * The REST API at the page's own address. The token stays in this object: in no storage, cookie or
 * address. Rejects with ApiProblem, or Unreachable.
 */
export class Client extends Oversoak {
  readonly #send: (request: Request) => Promise<Response>;
  readonly #token: string;

  /** `signOut` is called when the API refuses the token. */
  constructor(token: string, signOut: () => void) {
    const send = async (request: Request) => {
      const response = await fetch(request).catch(() => {
        throw new Unreachable();
      });
      if (response.status === 401) signOut();
      return response;
    };
    const url = new URL('.', document.baseURI).href;
    super({ url, token, fetch: send, refused: ApiProblem.of });
    this.#send = send;
    this.#token = token;
  }

  newestSoaks() {
    return this.soaks(PAGE, null);
  }

  /** A full page of those that match, as long as there are so many. */
  pageOfSoaks(cursor: string | null, filter: SoakFilter) {
    return this.matchingSoaks(PAGE, cursor, filter);
  }

  /** The newest that run. */
  async runningSoaks() {
    return (await this.soaks(PAGE, null, { state: 'running' })).soaks;
  }

  async reportFile(soakId: string): Promise<Blob> {
    return htmlFile(await this.reportHtml(soakId));
  }

  planYaml(yaml: string): Promise<SoakPlan> {
    return this.plan(yamlBody(yaml));
  }

  /** `key` makes a repeated request the same one. */
  submit(yaml: string, key: string): Promise<Soak> {
    return this.submitOnce(yamlBody(yaml), key);
  }

  async differenceFile(left: string, right: string): Promise<Blob> {
    return htmlFile(await this.differenceText(left, right, 'text/html'));
  }

  history(schedule: string) {
    return this.scheduleHistory(schedule, 60);
  }

  probeAll(agentId: string): Promise<ProbesRequested> {
    return this.probe({ agents: [agentId] });
  }

  /** Follows the events of a soak until they end, across lost connections; answers how to stop. */
  follow(soakId: string, listener: SoakListener): () => void {
    const source = new EventSource(`v1/soaks/${encodeURIComponent(soakId)}/events`, {
      fetch: async (url, init) => {
        const headers = { ...init?.headers, authorization: `Bearer ${this.#token}` };
        const address = new URL(String(url), document.baseURI);
        const response = await this.#send(new Request(address, { ...(init as object), headers }));
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
}

function htmlFile(text: string): Blob {
  return new Blob([text], { type: 'text/html' });
}
