import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { compileProtocol } from '@oversoak/contracts/protocol/compile';
import type { Program } from '@oversoak/contracts/protocol/program';
import { ProtocolFile } from '@oversoak/contracts/protocol/protocol-file';
import { ProtocolSession } from '@oversoak/contracts/protocol/protocol-session';
import { REPOSITORY } from '@oversoak/testing/repository';
import fc, { type Arbitrary } from 'fast-check';
import { readYaml } from '../../src/submit/read-spec.ts';
import { fuzzInputs, requireLittleMemory, SEED } from './inputs.ts';
import { changedBytes, NASTY_VALUES, withChangedBytes, withNasty } from './requests.ts';
import { type Schema, valuesOf } from './schema-values.ts';

const INPUTS = fuzzInputs(1000);
/** Far beyond what one takes on a machine that has other work too. */
const LONGEST_MS = 10_000;

const folder = join(REPOSITORY, 'presets', 'protocols');
const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));

function readPreset(text: string): unknown {
  const read = readYaml(text);
  assert.ok('value' in read);
  return read.value;
}
const presets = texts.map(readPreset);

const programs = presets.map((preset): Program => {
  const compiled = compileProtocol(preset);
  assert.ok('program' in compiled);
  return compiled.program;
});

/** What a template has, and what it must not have, in any order. */
const TEMPLATE_PARTS = [
  ...['{', '}', '\\', '\\x', '\\q', "'", 'hex:', ':', '..', '{length}', '{rest}', '{digits}'],
  ...['{until:\\n}', '{until:}', '{any:9999999}', '{not:}', '{random:1..9999999}', '{size:u8}'],
  ...[
    '{sequence:u64le}',
    '{crc32:u32be:9999}',
    '{crc32c:d}',
    '{__proto__}',
    '{x:{y}}',
    '\ud83d',
    '\u202e',
  ],
];
const templates = fc.oneof(
  fc.array(fc.constantFrom(...TEMPLATE_PARTS), { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ maxLength: 60, unit: 'binary' }),
);

/** Near a preset: a value of it replaced, a template made, its text changed; or of the schema. */
const files: Arbitrary<unknown> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...presets),
      fc.nat(),
      fc.oneof(fc.constantFrom(...NASTY_VALUES), templates),
    )
    .map(([value, place, nasty]) => withNasty(value, place, nasty)),
  fc.tuple(templates, templates, fc.constantFrom(...presets)).map(([send, expect, preset]) => ({
    ...(preset as object),
    ...{ login: [], logout: [], requests: [{ name: 'a', send, expect }] },
  })),
  changedBytes(fc.constantFrom(...texts).map((text) => Buffer.from(text))).map((bytes) => {
    const read = readYaml(bytes.toString('utf8'));
    return 'value' in read ? read.value : null;
  }),
  valuesOf(ProtocolFile as unknown as Schema),
);

const quick = <T>(what: () => T): T => {
  const startedMs = performance.now();
  const result = what();
  const tookMs = performance.now() - startedMs;
  assert.ok(tookMs < LONGEST_MS, `${tookMs.toFixed(0)} ms`);
  return result;
};

/** Lets a session speak while it can, at most so often, and answers what it sent. */
function spoken(session: ProtocolSession): Buffer {
  const sent: Uint8Array[] = [];
  for (let count = 0; count < 32; count++) {
    const next = session.next(count);
    if (next.kind !== 'send') break;
    sent.push(next.bytes);
  }
  return Buffer.concat(sent);
}

const open = (program: Program) =>
  new ProtocolSession(program, { seed: 1, session: 2, requests: 8, overSend: 4 });

/** Bytes near what the session itself says, which many servers answer, or any. */
const answers = fc.record({
  program: fc.nat({ max: programs.length - 1 }),
  changes: fc.array(
    fc.record({
      at: fc.nat(),
      byte: fc.integer({ min: 0, max: 255 }),
      kind: fc.constantFrom('set' as const, 'insert' as const, 'cut' as const),
    }),
    { maxLength: 6 },
  ),
  raw: fc.option(fc.uint8Array({ maxLength: 2000 })),
  chunk: fc.integer({ min: 1, max: 700 }),
});

describe(`${INPUTS} made protocol files and as many hostile answers, seed ${SEED}`, () => {
  it('a file is compiled, or refused with the place of each problem', { timeout: 600_000 }, () => {
    let valid = 0;
    const compiles = fc.property(files, (value) => {
      const compiled = quick(() => compileProtocol(value));
      if ('problems' in compiled) {
        assert.ok(compiled.problems.length > 0);
        for (const { pointer, detail } of compiled.problems) {
          assert.match(pointer, /^(?:\/|$)/);
          assert.ok(detail.length > 0 && detail.length < 2000, detail);
        }
        return;
      }
      valid += 1;
      const { program } = compiled;
      assert.ok(program.longestSentBytes <= program.maxMessageBytes);
      quick(() => {
        const session = open(program);
        const sent = spoken(session);
        session.receive(sent);
        assert.ok(sent.length <= 32 * program.longestSentBytes);
      });
    });
    fc.assert(compiles, { numRuns: INPUTS, seed: SEED, includeErrorInReport: true });
    assert.ok(valid > INPUTS / 50, `only ${valid} of ${INPUTS} were valid`);
    requireLittleMemory();
  });

  it('an answer is understood, or named as unexpected, however it comes', {
    timeout: 600_000,
  }, () => {
    let unexpected = 0;
    const hears = fc.property(answers, ({ program: index, changes, raw, chunk }) => {
      const program = programs[index];
      assert.ok(program !== undefined);
      const session = open(program);
      const own = spoken(session);
      const bytes = raw === null ? withChangedBytes(own, changes) : Buffer.from(raw);
      quick(() => {
        for (let at = 0; at < bytes.length; at += chunk) {
          for (const incoming of session.receive(bytes.subarray(at, at + chunk))) {
            assert.ok(incoming.bytes.length <= bytes.length);
            if (incoming.kind !== 'unexpected') continue;
            unexpected += 1;
            assert.ok(incoming.detail.length > 0);
            assert.equal(session.next(0).kind, 'over');
          }
          spoken(session);
        }
      });
      assert.ok(session.pending.length <= program.maxMessageBytes + chunk);
    });
    fc.assert(hears, { numRuns: INPUTS, seed: SEED, includeErrorInReport: true });
    assert.ok(unexpected > INPUTS / 10, `only ${unexpected} of ${INPUTS}`);
    requireLittleMemory();
  });
});
