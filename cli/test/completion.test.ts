import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runsProgram } from './runs-program.ts';

const oversoak = runsProgram('');
const folder = mkdtempSync(join(tmpdir(), 'oversoak-completion-'));
after(() => rmSync(folder, { recursive: true }));

const scriptOf = async (shell: string) => (await oversoak(['completion', shell])).out;

/** What bash proposes for the last word. */
async function inBash(...words: string[]): Promise<string[]> {
  const line = ['oversoak', ...words].map((word) => `'${word}'`).join(' ');
  const script = `${await scriptOf('bash')}
COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _oversoak; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  assert.equal(stderr, '');
  return stdout.split('\n').filter(Boolean);
}

test('bash completes commands, subcommands, options and values', async () => {
  assert.deepEqual(await inBash('sched'), ['schedules']);
  assert.deepEqual(await inBash('schedules', 'h'), ['history']);
  assert.deepEqual(await inBash('submit', 'spec.yaml', '--w'), ['--watch']);
  assert.deepEqual(await inBash('watch', '--fail-on', ''), ['regression']);
  assert.deepEqual(await inBash('completion', 'f'), ['fish']);
  assert.deepEqual(await inBash('submit', 'spec'), [], 'files are the shell’s');
  assert.ok((await inBash('')).includes('validate'));
});

test('the other shells get the same words', async () => {
  for (const shell of ['zsh', 'fish', 'powershell']) {
    const script = await scriptOf(shell);
    for (const word of ['schedules', 'history', 'watch', 'fail-on', 'regression']) {
      assert.ok(script.includes(word), `${word} in ${shell}`);
    }
  }
});

/** A file, because fish reads no script from its standard input. */
async function runIn(shell: string, options: string[], more = '') {
  const file = join(folder, `script.${shell}`);
  await writeFile(file, `${await scriptOf(shell)}\n${more}`);
  return spawnSync(shell, [...options, file], { encoding: 'utf8' });
}

for (const shell of ['bash', 'zsh', 'fish']) {
  test(`${shell} accepts its script`, async () => {
    const { status, stderr } = await runIn(shell, ['-n']);
    assert.deepEqual([status, stderr], [0, '']);
  });
}

test('fish completes commands and options', async () => {
  const propose = async (line: string) => {
    const { stdout } = await runIn('fish', ['--no-config'], `complete -C '${line}'\n`);
    return stdout.split('\n').map((each) => each.split('\t')[0]);
  };
  assert.ok((await propose('oversoak sch')).includes('schedules'));
  assert.ok((await propose('oversoak schedules h')).includes('history'));
  assert.ok((await propose('oversoak submit --w')).includes('--watch'));
});

test('an unknown shell is refused by name', async () => {
  const { code, err } = await oversoak(['completion', 'tcsh']);
  assert.equal(code, 2);
  assert.match(err, /Allowed choices are bash, zsh, fish, powershell/);
});
