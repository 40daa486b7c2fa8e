import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { after, before, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { BOUNDS } from '@oversoak/contracts';
import { reach, submit, TestCluster } from '@oversoak/testing/control-plane/test-cluster';
import fc, { type Arbitrary } from 'fast-check';
import { RequestProblem } from '../../src/plugins/problems.ts';
import { linesOf } from '../../src/transfer/lines.ts';
import { readSoakFile } from '../../src/transfer/read-file.ts';
import { soakFileLines } from '../../src/transfer/write-file.ts';
import { fuzzInputs, requireLittleMemory, SEED } from './inputs.ts';
import { changedBytes, NASTY_VALUES, withNasty } from './requests.ts';

const INPUTS = fuzzInputs(400);

let bench: TestCluster;
let lines: string[];
before(async () => {
  bench = await TestCluster.start();
  await bench.agents();
  const plane = await bench.plane();
  const { soak } = await submit(plane, { repeats: 2 });
  for (const runId of soak.runIds) await reach(plane, runId, 'done');
  const text = (await Readable.from(soakFileLines(soak, plane.runs)).toArray()).join('');
  lines = text.trimEnd().split('\n');
});
after(async () => {
  await bench.clear();
  await bench.stop();
});

/** With the end that fits, so that it is the lines that are looked at. */
function fileOf(changed: readonly string[]): Buffer {
  const text = changed.map((line) => `${line}\n`).join('');
  const sha256 = createHash('sha256').update(text).digest('hex');
  return Buffer.from(`${text}${JSON.stringify({ kind: 'end', sha256 })}\n`);
}

function files(): Arbitrary<Buffer> {
  const body = lines.slice(0, -1);
  const spoilt = fc
    .tuple(fc.nat({ max: body.length - 1 }), fc.nat(), fc.constantFrom(...NASTY_VALUES))
    .map(([at, place, nasty]) => {
      const value: unknown = withNasty(JSON.parse(body[at] ?? ''), place, nasty);
      return fileOf(body.map((line, index) => (index === at ? JSON.stringify(value) : line)));
    });
  const shuffled = fc.shuffledSubarray(body).map(fileOf);
  const good = fc.constant(fileOf(body));
  const bytes = changedBytes(good);
  const packed = fc.oneof(good, spoilt).map((file) => gzipSync(file));
  return fc.oneof(
    { arbitrary: spoilt, weight: 6 },
    { arbitrary: bytes, weight: 3 },
    { arbitrary: fc.oneof(packed, changedBytes(packed)), weight: 2 },
    { arbitrary: shuffled, weight: 1 },
    { arbitrary: good, weight: 1 },
  );
}

it(`${INPUTS} made files are read or refused with a reason, seed ${SEED}`, {
  timeout: 900_000,
}, async () => {
  let read = 0;
  const property = fc.asyncProperty(files(), async (file) => {
    try {
      const soak = readSoakFile(linesOf(Readable.from([file]), BOUNDS.soakFile));
      for await (const _ of soak);
      read += 1;
    } catch (error) {
      if (!(error instanceof RequestProblem)) throw error;
      assert.ok([400, 413].includes(error.statusCode), String(error.statusCode));
      assert.ok(JSON.stringify([error.message, error.problems]).length < 20_000);
    }
  });
  await fc.assert(property, { numRuns: INPUTS, seed: SEED, includeErrorInReport: true });
  assert.ok(read > 0, 'some are sound');
  requireLittleMemory();
});

it('a run has no more changes of state than a run can have, each of which is stored', async () => {
  const events = `"events":[${'{"state":"queued","atMs":0},'.repeat(1000)}`;
  const file = fileOf(lines.slice(0, -1).map((line) => line.replace('"events":[', events)));
  const soak = readSoakFile(linesOf(Readable.from([file]), BOUNDS.soakFile));
  const refused = await Readable.from(soak)
    .toArray()
    .catch((error: unknown) => error);
  assert.match(JSON.stringify(refused), /line 2: must not have more than 1000 items/);
});
