import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installSteps, removeSteps, stateOf } from '../../src/service/service-steps.ts';

const OPTIONS = {
  name: 'oversoak-agent',
  shawl: 'C:\\Program Files\\oversoak\\shawl.exe',
  node: 'C:\\node.exe',
  script: 'C:\\oversoak\\cli\\bin\\oversoak.js',
  package: 'C:\\oversoak',
  data: 'C:\\ProgramData\\oversoak\\oversoak-agent',
  settings: 'C:\\ProgramData\\oversoak\\oversoak-agent\\agent.env',
  identity: undefined,
};

test('the service runs the agent under a virtual account, with a log that rotates', () => {
  const steps = installSteps(OPTIONS);
  const [add, config] = steps;
  assert.equal(add?.program, OPTIONS.shawl);
  const words = add?.args.join(' ') ?? '';
  assert.match(words, /^add --name oversoak-agent /);
  assert.match(words, /--log-rotate bytes=\d+ --log-retain \d+ /);
  assert.ok(
    words.endsWith(`-- C:\\node.exe ${OPTIONS.script} agent run --settings ${OPTIONS.settings}`),
  );
  const identity = 'C:\\ProgramData\\oversoak\\oversoak-agent\\agent-identity.json';
  const [joined] = installSteps({ ...OPTIONS, settings: undefined, identity });
  assert.ok(joined?.args.join(' ').endsWith(` agent run --identity ${identity}`));
  assert.deepEqual(config?.args.slice(-2), ['obj=', 'NT SERVICE\\oversoak-agent']);
  assert.deepEqual(steps.at(-1)?.args, ['start', 'oversoak-agent']);
});

test('only administrators, the system and the account read the settings', () => {
  const rights = installSteps(OPTIONS).find(({ args }) => args[0] === OPTIONS.data)?.args ?? [];
  assert.deepEqual(rights.slice(1, 3), ['/inheritance:r', '/grant']);
  assert.deepEqual(
    rights.slice(3).map((right) => right.split(':')[0]),
    ['*S-1-5-32-544', '*S-1-5-18', 'NT SERVICE\\oversoak-agent'],
  );
});

test('rights are granted once the account exists, and before the service starts', () => {
  const programs = installSteps(OPTIONS).map(({ program, args }) => `${program} ${args[0]}`);
  const granted = programs.findIndex((each) => each.startsWith('icacls'));
  assert.ok(programs.indexOf(`${OPTIONS.shawl} add`) < granted);
  assert.ok(programs.findLastIndex((each) => each.startsWith('icacls')) < programs.length - 1);
});

test('the removal takes the firewall rule of the installation', () => {
  const nameIn = (steps: ReturnType<typeof removeSteps>) =>
    steps.flatMap(({ args }) => args).find((word) => word.startsWith('name='));
  assert.equal(nameIn(removeSteps('a')), nameIn(installSteps({ ...OPTIONS, name: 'a' })));
});

const query = (state: string) => ({
  code: 0,
  output: `\r\nSERVICE_NAME: oversoak-agent\r\n        TYPE               : 10  WIN32_OWN_PROCESS\r\n        STATE              : ${state}\r\n                                (STOPPABLE, NOT_PAUSABLE)\r\n`,
});

test("the state of a service is read from sc's numbers, whatever its language", () => {
  assert.equal(stateOf(query('4  RUNNING')), 'running');
  assert.equal(stateOf(query('1  STOPPED ')), 'stopped');
  const german = { code: 0, output: query('4  RUNNING').output.replace('STATE ', 'STATUS') };
  assert.equal(stateOf(german), 'running');
  assert.equal(stateOf({ code: 1060, output: '[SC] OpenService FAILED 1060' }), 'not installed');
  assert.equal(stateOf({ code: 1, output: '' }), 'not installed');
  assert.throws(() => stateOf({ code: 5, output: 'Access is denied.' }), /Access is denied/);
});
