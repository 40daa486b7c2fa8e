import { type RunResult, VERDICTS } from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import { type OverQuota, overQuota } from '../model/quotas.ts';
import type { RunRecord } from '../model/run-record.ts';
import { pack } from './gzip-json.ts';
import {
  QUOTAS_KEY,
  runEventsKey,
  runKey,
  runResultKey,
  SOAKS_KEY,
  soakKey,
  stageKey,
} from './names.ts';
import type { StoredEvent } from './runs.ts';
import { script } from './script.ts';
import { type Account, RUN_OVERHEAD_BYTES, type SoakRecord } from './soaks.ts';

/** Staged data that is never published expires after this time. */
const STAGED_MS = 3_600_000;

const KEYS_OF_RUN = [runKey, runEventsKey, runResultKey];

const publishSoak = script<
  Record<'soak' | 'soaks' | 'quotas', string> & Record<'staged' | 'published', string[]>,
  {
    soakId: string;
    fields: (string | number)[];
    owner: string;
    bytes: number;
    maxBytes: number;
  },
  1 | 0 | -1 | -2
>(import.meta.url, 'publish-soak.lua');

/** Stages the runs of an import under separate keys until all of them have arrived. */
export class ImportStage {
  readonly #redis: Redis;
  readonly #id: string;
  /** Of what is staged. */
  #bytes = 0;

  constructor(redis: Redis, id: string) {
    this.#redis = redis;
    this.#id = id;
  }

  async add(run: RunRecord, result: RunResult): Promise<void> {
    const [record, events, document] = this.#keys(run.runId);
    const step = this.#redis.multi();
    const { version, state } = run;
    const text = JSON.stringify(run);
    step.hset(record, { version, state, record: text, effected: version });
    for (const event of result.events) {
      const judgement = event.state === 'done' ? run.judgement : null;
      const stored: StoredEvent = { ...event, judgement };
      step.xadd(events, '*', 'event', JSON.stringify(stored));
    }
    const packed = await pack(result);
    this.#bytes += text.length + packed.length + RUN_OVERHEAD_BYTES;
    step.set(document, packed);
    for (const key of [record, events, document]) step.pexpire(key, STAGED_MS);
    await step.exec();
  }

  /** Publishes all staged data atomically. `present`: a soak with this id already exists. */
  async publish(
    soak: SoakRecord,
    runs: readonly RunRecord[],
    { owner, quotas }: Account,
  ): Promise<'stored' | 'present' | 'expired' | { overQuota: OverQuota }> {
    const keys = {
      quotas: QUOTAS_KEY,
      soak: soakKey(soak.soakId),
      soaks: SOAKS_KEY,
      staged: soak.runIds.flatMap((runId) => this.#keys(runId)),
      published: soak.runIds.flatMap((runId) => KEYS_OF_RUN.map((key) => key(runId))),
    };
    const verdicts = VERDICTS.map((verdict) => {
      const count = runs.filter(({ judgement }) => judgement?.verdict === verdict).length;
      return [`verdict.${verdict}`, count] as const;
    });
    const record = JSON.stringify(soak);
    const bytes = record.length + this.#bytes;
    const fields: (readonly [string, string | number])[] = [
      ['record', record],
      ['owner', owner],
      ['bytes', bytes],
      ['begun', runs.length],
      ['done', runs.length],
      ...verdicts,
      ['endedAtMs', soak.origin.kind === 'import' ? soak.origin.importedAtMs : soak.createdAtMs],
    ];
    const { storedBytes: maxBytes } = quotas;
    const args = { soakId: soak.soakId, fields: fields.flat(), owner, bytes, maxBytes };
    const answer = await publishSoak(this.#redis, keys, args);
    if (answer === -2) {
      const used = Number(await this.#redis.hget(QUOTAS_KEY, `${owner}.bytes`));
      return { overQuota: overQuota('stored-bytes', used, bytes, maxBytes) };
    }
    return answer === 1 ? 'stored' : answer === 0 ? 'present' : 'expired';
  }

  /** Deletes the data that is still staged. */
  async discard(runIds: readonly string[]): Promise<void> {
    if (runIds.length > 0) await this.#redis.unlink(...runIds.flatMap((id) => this.#keys(id)));
  }

  #keys(runId: string): [string, string, string] {
    const key = (part: string) => stageKey(this.#id, `${runId}:${part}`);
    return [key('record'), key('events'), key('result')];
  }
}
