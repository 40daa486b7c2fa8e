import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import {
  type ReceivedPoint,
  type ReceivedSpan,
  receivedPoints,
  receivedSpans,
} from './received.ts';

/** What is answered: a status, or nothing at all. */
export type Answer = number | 'hang';

/** OTLP/HTTP receiver for tests: keeps all that it was sent. */
export interface Receiver {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  readonly points: readonly ReceivedPoint[];
  /** Requests, also those that it did not take. */
  readonly requests: number;
  /** What could not be read. */
  readonly faults: readonly string[];
  answer: Answer;
  close(): Promise<void>;
}

export async function startReceiver(answer: Answer = 200): Promise<Receiver> {
  const spans: ReceivedSpan[] = [];
  const points: ReceivedPoint[] = [];
  const faults: string[] = [];
  const hanging = new Set<ServerResponse>();
  let requests = 0;

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests += 1;
    const body = await buffer(request);
    const { answer } = receiver;
    if (answer === 'hang') {
      hanging.add(response);
      return;
    }
    if (answer === 200) {
      if (request.url === '/v1/traces') spans.push(...receivedSpans(body));
      else if (request.url === '/v1/metrics') points.push(...receivedPoints(body));
      else throw new Error(`no such path: ${request.url}`);
    }
    response.writeHead(answer, { 'content-type': 'application/x-protobuf' }).end();
  }

  const server = createServer((request, response) => {
    take(request, response).catch((error: unknown) => {
      faults.push(String(error));
      response.writeHead(400).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    points,
    faults,
    answer,
    get requests() {
      return requests;
    },
    close: async () => {
      // Answered at last, so that no exporter goes on trying and holds the process of a test.
      for (const response of hanging) response.writeHead(200, { connection: 'close' }).end();
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
  return receiver;
}
