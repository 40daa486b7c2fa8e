import { createHash } from 'node:crypto';
import { setImmediate as breath } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  beginningOf,
  hasHalfCharacter,
  type Problem,
  readHistogram,
  SOAK_FILE_VERSION,
  SoakFileEnd,
  SoakFileFleet,
  SoakFileHead,
  SoakFileRun,
  schemaProblems,
  within,
} from '@oversoak/contracts';
import type { Static, TSchema } from 'typebox';
import { compareCell } from '../comparison/compare.ts';
import { RequestProblem } from '../plugins/problems.ts';
import { specOfCell } from '../store/soaks.ts';
import { expand, type PlannedRun } from '../submit/expand.ts';
import { validateSpec } from '../submit/validate.ts';

export type SoakFileLine = SoakFileHead | SoakFileRun | SoakFileEnd;

/** Histograms that are checked before the event loop continues. */
const HISTOGRAMS_AT_ONCE = 100;

/** A file may be wrong in a thousand places, and its keys are as long as it likes. */
const MAX_PROBLEMS = 20;
const MAX_DETAIL = 500;

const refuse = (line: number, problems: readonly Problem[]) =>
  new RequestProblem(
    400,
    `line ${line} of the file is not valid`,
    problems.slice(0, MAX_PROBLEMS).map(({ pointer, detail }) => ({
      pointer: beginningOf(pointer, MAX_DETAIL),
      detail: beginningOf(`line ${line}: ${detail}`, MAX_DETAIL),
    })),
  );
const refuseWhole = (line: number, detail: string) => refuse(line, [{ pointer: '', detail }]);

/**
 * The lines of a soak file, each checked by its schema and against the earlier ones: the soak, one
 * line per run, the end. Throws RequestProblem, which names the line and the field.
 */
export async function* readSoakFile(lines: AsyncIterable<Buffer>): AsyncGenerator<SoakFileLine> {
  const hash = createHash('sha256');
  let head: SoakFileHead | null = null;
  let planned: PlannedRun[] = [];
  let number = 0;
  let runs = 0;
  let ended = false;
  /** A run whose fleets follow, each on a line of its own. */
  let open: { line: SoakFileRun; apart: string[]; number: number } | null = null;
  for await (const bytes of lines) {
    number++;
    if (ended) throw refuseWhole(number, 'nothing may follow the line "end"');
    const value = parse(bytes, number);
    if (head === null) {
      head = readHead(value, number);
      planned = expand(sidesOf(head));
      yield head;
    } else if (open !== null) {
      addFleet(open, checked(SoakFileFleet, value, number), number);
    } else if (runs < head.runs) {
      const { fleetsApart = [], ...line } = checked(SoakFileRun, value, number);
      const problems = runProblems(head, planned[runs], line);
      if (problems.length > 0) throw refuse(number, problems);
      open = { line, apart: fleetsApart, number };
      runs++;
    } else {
      const line = checked(SoakFileEnd, value, number);
      const sha256 = hash.digest('hex');
      if (line.sha256 !== sha256) {
        const detail = `the preceding lines have sha256 ${sha256}: the file was changed or damaged`;
        throw refuse(number, [{ pointer: '/sha256', detail }]);
      }
      yield line;
      ended = true;
    }
    if (open?.apart.length === 0) {
      await requireReadable(open.line, open.number);
      yield open.line;
      open = null;
    }
    if (!ended) hash.update(bytes);
  }
  if (!ended)
    throw refuseWhole(number, 'the file ends here, without its line "end": it is truncated');
}

/** Puts the next fleet of a run in its place. */
function addFleet(
  { line, apart }: { line: SoakFileRun; apart: string[] },
  { runId, agentId, result }: SoakFileFleet,
  number: number,
): void {
  const expected = [
    ['/runId', runId, line.run.runId],
    ['/agentId', agentId, apart[0]],
  ] as const;
  const problems = expected
    .filter(([, is, shouldBe]) => is !== shouldBe)
    .map(([pointer, , shouldBe]) => ({ pointer, detail: `must be "${shouldBe}"` }));
  if (problems.length > 0) throw refuse(number, problems);
  line.result.fleets[agentId] = result;
  apart.shift();
}

const MAX_MESSAGE = 200;
const NO_EXPORT = 'this is no file of "oversoak export"';

function parse(bytes: Buffer, line: number): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (hasHalfCharacter(text)) throw new Error('a text has one half of a surrogate pair');
    return JSON.parse(text) as unknown;
  } catch (error) {
    // SyntaxError of the JSON, TypeError of bytes that are not UTF-8.
    if (!(error instanceof Error)) throw error;
    const why = `not JSON: ${beginningOf(error.message, MAX_MESSAGE).toWellFormed()}`;
    throw refuseWhole(line, line === 1 ? `${NO_EXPORT} (${why})` : why);
  }
}

function checked<S extends TSchema>(schema: S, value: unknown, line: number): Static<S> {
  const problems = schemaProblems(schema, value);
  if (problems.length > 0) throw refuse(line, problems);
  return value as Static<S>;
}

function readHead(value: unknown, line: number): SoakFileHead {
  const { version, format } = (value ?? {}) as Partial<SoakFileHead>;
  if (format !== 'oversoak') throw refuseWhole(line, NO_EXPORT);
  if (Number.isInteger(version) && Number(version) > SOAK_FILE_VERSION) {
    const detail = `version ${version} is newer than this oversoak, which reads ${SOAK_FILE_VERSION}`;
    throw refuse(line, [{ pointer: '/version', detail }]);
  }
  const head = checked(SoakFileHead, value, line);
  const valid = validateSpec(head.spec);
  if ('problems' in valid) throw refuse(line, within('/spec', valid.problems));
  const held = head.against === null ? null : validateSpec(head.against.spec);
  if (held !== null && 'problems' in held) {
    throw refuse(line, within('/against/spec', held.problems));
  }
  const runs = expand(sidesOf(head)).length;
  if (head.runs !== runs) {
    throw refuse(line, [{ pointer: '/runs', detail: `the spec has ${runs} runs` }]);
  }
  if (head.name !== head.spec.name) {
    throw refuse(line, [{ pointer: '/name', detail: `the spec's is "${head.spec.name}"` }]);
  }
  return head;
}

function sidesOf({ soakId, spec, against }: SoakFileHead) {
  return { soakId, spec, ...(against === null ? {} : { against }) };
}

/** Problems of a run's line that does not match the soak's plan. */
function runProblems(
  head: SoakFileHead,
  planned: PlannedRun | undefined,
  { run, result }: SoakFileRun,
): Problem[] {
  const { soakId } = head;
  const runId = `run-${soakId.slice('soak-'.length)}-${planned?.index}`;
  const expected: [string, unknown, unknown][] = [
    ['/run/runId', run.runId, runId],
    ['/run/soakId', run.soakId, soakId],
    ['/run/cell', run.cell, planned?.cell],
    ['/run/repeat', run.repeat, planned?.repeat],
    ['/run/state', run.state, 'done'],
    ['/result/events', result.events.at(-1)?.state, 'done'],
  ];
  const problems = expected
    .filter(([, is, shouldBe]) => !isDeepStrictEqual(is, shouldBe))
    .map(([pointer, , shouldBe]) => ({ pointer, detail: `must be ${JSON.stringify(shouldBe)}` }));
  const same: [string, unknown, unknown, string][] = [
    ['/result/run', result.run, run, '/run'],
    ['/result/spec', result.spec, specOfCell(sidesOf(head), planned?.cell ?? {}), 'its spec'],
  ];
  for (const [pointer, is, shouldBe, name] of same) {
    if (isDeepStrictEqual(is, shouldBe)) continue;
    problems.push({ pointer, detail: `must be the same as ${name}` });
  }
  if (run.judgement === null) problems.push({ pointer: '/run/judgement', detail: 'is missing' });
  return problems;
}

/** Refuses results that no comparison could use: broken histograms or inconsistent tables. */
async function requireReadable({ run, result }: SoakFileRun, line: number): Promise<void> {
  try {
    compareCell(run.cell, [{ run, result }]);
    for (const { series } of Object.values(result.fleets)) {
      for (const [at, { intended }] of series.windows.entries()) {
        readHistogram(intended);
        if (at % HISTOGRAMS_AT_ONCE === 0) await breath();
      }
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const detail = `its histograms or stages cannot be read: ${reason}`;
    throw refuse(line, [{ pointer: '/result', detail }]);
  }
}
