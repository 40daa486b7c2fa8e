import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Value } from 'typebox/value';
import {
  PROGRAMS,
  readSettings,
  SETTINGS,
  type Setting,
  SettingsError,
  settingsOf,
} from '../../src/index.ts';

const declared = Object.entries<Setting>(SETTINGS);
const TOKEN = 'a-token-of-thirty-two-characters';

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.message;
  }
  throw new Error('nothing was refused');
}

test('the text of each default reads as the default', () => {
  for (const [name, { kind, default: value, readBy, requiredBy = [] }] of declared) {
    if (value === undefined) continue;
    assert.deepEqual(requiredBy, [], `${name} has a default and is required`);
    const [program = 'cli'] = readBy;
    const variables = { OVERSOAK_TOKEN: TOKEN, [name]: kind.format(value) };
    const read: Record<string, unknown> = readSettings(program, variables, [name as never]);
    assert.deepEqual(read[name], value, name);
  }
});

test('every setting has a reader, and who needs it reads it', () => {
  for (const [name, { readBy, requiredBy = [] }] of declared) {
    assert.ok(readBy.length > 0, name);
    for (const program of requiredBy) assert.ok(readBy.includes(program), name);
  }
  assert.deepEqual(
    new Set(PROGRAMS.flatMap((program) => settingsOf(program))),
    new Set(declared.map(([name]) => name)),
  );
});

test('a program is given its own settings and no others', () => {
  const read = readSettings('cli', { OVERSOAK_URL: 'http://here', OVERSOAK_SLOTS: 'many' });
  assert.deepEqual(read, {
    OVERSOAK_URL: 'http://here',
    OVERSOAK_ALLOW_PLAINTEXT: [],
    OVERSOAK_TOKEN: undefined,
    NO_COLOR: undefined,
    TERM: undefined,
    GITHUB_ACTIONS: undefined,
    GITHUB_STEP_SUMMARY: undefined,
  });
});

test('all bad values are named at once, each with what is valid', () => {
  const variables = { OVERSOAK_TOKEN: TOKEN, OVERSOAK_PORT: '1e3', OVERSOAK_LOG_LEVEL: 'loud' };
  assert.equal(
    refusal(() => readSettings('control-plane', variables)),
    'OVERSOAK_PORT must be a whole number from 0 to 65535, not "1e3"; OVERSOAK_LOG_LEVEL must be ' +
      'one of trace, debug, info, warn, error, fatal, silent, not "loud"',
  );
});

test('a list of plug-ins names the entry that is none', () => {
  const hash = 'a'.repeat(64);
  for (const [value, entry] of [
    [`/opt/xor.so=${hash}, xor.so=${hash}`, `xor.so=${hash}`],
    [`/opt/a,b/xor.so=${hash}`, '/opt/a'],
    [`/opt/xor#1.so=${hash}`, `/opt/xor#1.so=${hash}`],
  ] as const) {
    const message = refusal(() => readSettings('agent', { OVERSOAK_PLUGINS: value }));
    assert.match(
      message,
      /^OVERSOAK_PLUGINS must be "path=sha256,.*: absolute paths without commas/,
    );
    assert.ok(message.endsWith(`, not "${entry}"`), message);
  }
});

test('a missing required setting is refused; for another program it is optional', () => {
  const message = 'OVERSOAK_TOKEN is not set; it must be at least 32 characters long';
  for (const variables of [{}, { OVERSOAK_TOKEN: '' }, { OVERSOAK_TOKEN: ' ' }]) {
    assert.equal(
      refusal(() => readSettings('control-plane', variables)),
      message,
    );
    assert.equal(readSettings('cli', variables).OVERSOAK_TOKEN, undefined);
  }
});

test('no error shows a secret', () => {
  const secret = 'do-not-show-me';
  const isRefused = ({ kind }: Setting) => !Value.Check(kind.schema, kind.parse(secret));
  const names = declared.filter(([, declares]) => declares.kind.secret && isRefused(declares));
  assert.ok(names.length >= 4);
  for (const [name, { readBy }] of names) {
    for (const program of readBy) {
      const message = refusal(() => readSettings(program, { [name]: secret }, [name as never]));
      assert.ok(message.startsWith(`${name} must be `), message);
      assert.ok(!message.includes(secret), message);
    }
  }
});

test('numbers and flags are written in one way', () => {
  for (const text of ['', ' ', ' 1', '1 ', '+1', '-1', '1.0', '0x1', '1e0', '١', 'NaN']) {
    refusal(() => readSettings('agent', { OVERSOAK_SLOTS: text }, ['OVERSOAK_SLOTS']));
  }
  for (const text of ['', 'true', 'yes', '2', '01']) {
    refusal(() =>
      readSettings('agent', { OVERSOAK_ALLOW_FAULTS: text }, ['OVERSOAK_ALLOW_FAULTS']),
    );
  }
});

test('a returned default cannot be changed by the caller', () => {
  readSettings('agent', {}).OVERSOAK_TARGETS.push('0.0.0.0/0');
  assert.deepEqual(readSettings('agent', {}).OVERSOAK_TARGETS, ['127.0.0.0/8', '::1']);
});
