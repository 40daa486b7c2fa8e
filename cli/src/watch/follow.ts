import { setTimeout as delay } from 'node:timers/promises';
import type { RunEvent, Soak } from '@oversoak/contracts';
import { reasonOf } from '../shell/failure.ts';
import { type ApiAway, patiently } from './patient.ts';
import { isActive } from './progress.ts';

const POLL_MS = 1_000;

/** The part of the API client that following a soak needs. */
export interface SoakSource {
  soak(soakId: string, signal?: AbortSignal): Promise<Soak>;
  runEvents(runId: string, signal: AbortSignal): AsyncGenerator<RunEvent>;
}

/** Receives events in the order in which they become known. */
export interface SoakListener {
  soak(soak: Soak): void;
  event(event: RunEvent): void;
  /** The API does not respond; the request is repeated until it does. Said once. */
  unreachable(error: ApiAway): void;
}

/**
 * Follows a soak until it is done: polls the soak for its active runs and follows the event stream
 * of each. Rejects with the signal's reason when that is aborted.
 */
export async function followSoak(
  source: SoakSource,
  soakId: string,
  listener: SoakListener,
  signal: AbortSignal,
  pollMs: number = POLL_MS,
): Promise<Soak> {
  // Ends the open streams when this function returns; carries the error of a failed stream.
  const ending = new AbortController();
  const streaming = AbortSignal.any([signal, ending.signal]);
  const followed = new Set<string>();

  const follow = async (runId: string) => {
    for await (const event of source.runEvents(runId, streaming)) listener.event(event);
  };
  const poll = patiently((error) => listener.unreachable(error), pollMs, streaming);

  try {
    for (;;) {
      const soak = await poll(() => source.soak(soakId, streaming));
      listener.soak(soak);
      if (soak.state === 'done') return soak;
      for (const { runId, state } of soak.runs) {
        if (!isActive(state) || followed.has(runId)) continue;
        followed.add(runId);
        follow(runId).catch((error: unknown) => ending.abort(error));
      }
      await delay(pollMs, undefined, { signal: streaming });
    }
  } catch (error) {
    throw reasonOf(error, streaming);
  } finally {
    ending.abort();
  }
}
