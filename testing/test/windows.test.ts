// What can be checked of real Windows without it: neither this file nor the workflow has been run
// there by us.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { REPOSITORY } from '../src/repository.ts';

const read = (file: string) => readFileSync(REPOSITORY + file, 'utf8');

interface Step {
  run?: string;
  uses?: string;
  if?: string;
  with?: { path?: string };
}

describe('the workflow for Windows', () => {
  const workflow = parse(read('.github/workflows/windows.yml')) as {
    jobs: Record<string, { steps: Step[] }>;
  };
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
  const commands = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
  const position = (command: string) => commands.findIndex((run) => run.startsWith(command));

  it('runs existing scripts, and the build first', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const run of commands) {
      const name = /^npm run (\S+)/.exec(run)?.[1];
      if (name !== undefined) assert.ok(name in scripts, run);
    }
    const wanted = ['npm run setup', 'node --test', 'npm run demo', 'npm run claims'];
    const positions = [...wanted, 'npm run bench'].map(position);
    assert.ok(!positions.includes(-1), commands.join('\n'));
    assert.deepEqual(
      positions,
      [...positions].sort((a, b) => a - b),
    );
  });

  it('keeps the figures of Windows, also after a failed run', () => {
    const upload = steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'));
    const paths = upload?.with?.path?.trim().split('\n') ?? [];
    assert.deepEqual(paths, [
      'demo.json',
      'docs/claims.md',
      'docs/claims.json',
      'bench-sessions.txt',
    ]);
    for (const path of paths.filter((each) => each.startsWith('docs/'))) {
      assert.ok(existsSync(REPOSITORY + path), path);
    }
    assert.equal(upload?.if, 'success() || failure()');
  });
});

describe("the agent's scheduled task", () => {
  it('has the normal priority class: 4 to 6, because the default of 7 is below normal', () => {
    const settings = /New-ScheduledTaskSettingsSet((?:.*`\r?\n)*.*)/.exec(
      read('deploy/windows-agent/install.ps1'),
    );
    const priority = Number(/-Priority (\d+)/.exec(settings?.[1] ?? '')?.[1]);
    assert.ok(priority >= 4 && priority <= 6, `-Priority ${priority}`);
  });
});
