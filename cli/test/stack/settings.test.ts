// Compares whatever names a setting with the declaration of the settings.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { parseEnv } from 'node:util';
import {
  type Program,
  readSettings,
  SETTINGS,
  type Setting,
  type SettingName,
  settingsOf,
} from '@oversoak/contracts';
import { SECRETS } from '../../src/stack/secrets.ts';
import { STACK_FOLDER } from '../../src/stack/stack.ts';
import { composeConfig } from './compose-config.ts';

const text = (file: string) => readFileSync(join(STACK_FOLDER, file), 'utf8');

/** Files of a folder of the repository, by their paths from its root. */
function filesOf(folder: string): string[] {
  return readdirSync(join(STACK_FOLDER, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(STACK_FOLDER, join(entry.parentPath, entry.name)));
}

const PACKAGES = ['agent', 'bench', 'cli', 'contracts', 'control-plane', 'dashboards', 'telemetry'];
const FILES = [
  '.env.example',
  'compose.yaml',
  'compose.lan.yaml',
  'package.json',
  ...filesOf('.github'),
  ...filesOf('deploy'),
  ...PACKAGES.flatMap((name) => filesOf(`${name}/src`)),
];

/** A variable's name; not the beginning of several ("OVERSOAK_RETENTION_*"). */
const NAME = /(?<!\w)OVERSOAK_[A-Z][A-Z_]*[A-Z](?![\w*])/g;

/** Of tests alone. */
const OF_TESTS = ['OVERSOAK_FUZZ_INPUTS'];

/** Where a former name is taken over. */
const FORMER = [`${join('cli', 'src', 'stack', 'secrets.ts')}: OVERSOAK_API_TOKEN`];

test('every named variable is a setting', () => {
  const unknown = FILES.flatMap((file) =>
    [...text(file).matchAll(NAME)]
      .filter(([name]) => !(name in SETTINGS) && !OF_TESTS.includes(name))
      .map(([name]) => `${file}: ${name}`),
  );
  assert.deepEqual(unknown, FORMER);
  assert.ok(FILES.length > 200 && FILES.includes(join('deploy', 'windows-agent', 'install.ps1')));
});

test('.env.example has the settings of the stack, with their defaults', () => {
  const example = text('.env.example').replaceAll(/^# (?=OVERSOAK_\w+=)/gm, '');
  const declared = settingsOf('stack').map((name): [SettingName, string] => {
    const setting: Setting = SETTINGS[name];
    return [name, setting.default === undefined ? '' : setting.kind.format(setting.default)];
  });
  assert.deepEqual({ ...parseEnv(example) }, Object.fromEntries(declared));
});

test('the secrets of the stack are the settings marked as secret', () => {
  const declared = settingsOf('stack').filter((name) => SETTINGS[name].kind.secret);
  assert.deepEqual(declared.toSorted(), SECRETS.toSorted());
});

test('every service gets settings that it reads, with valid values', async () => {
  const secrets = Object.fromEntries(
    SECRETS.map((name) => [name, 'madeOfLettersAndDigitsOnly123456']),
  );
  const { services } = await composeConfig(['compose.yaml'], secrets);
  const program = (name: string): Program => (name === 'control-plane' ? 'control-plane' : 'agent');
  const own = Object.entries(services).filter(([, { build }]) => build !== undefined);
  assert.equal(own.length, 3);
  for (const [name, { environment = {} }] of own) {
    const known: string[] = [...settingsOf(program(name)), ...settingsOf('telemetry')];
    for (const variable of Object.keys(environment)) assert.ok(known.includes(variable), variable);
    readSettings(program(name), environment);
    readSettings('telemetry', environment);
  }
});

test('the images and the Windows agent get settings that they read', () => {
  const named = (file: string) => [...text(file).matchAll(NAME)].map(([name]) => name);
  const agent: string[] = settingsOf('agent');
  for (const name of named('deploy/windows-agent/install.ps1'))
    assert.ok(agent.includes(name), name);
  const images: string[] = [...agent, ...settingsOf('control-plane')];
  for (const name of named('deploy/docker/Dockerfile')) assert.ok(images.includes(name), name);
});
