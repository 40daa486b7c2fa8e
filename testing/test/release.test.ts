// What can be checked of the release workflow without GitHub; it has not been run there by us.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { REPOSITORY } from '../src/repository.ts';

const read = (file: string) => readFileSync(REPOSITORY + file, 'utf8');

interface Job {
  needs?: string;
  permissions?: Record<string, string>;
  steps: { run?: string; uses?: string }[];
}

describe('the release workflow', () => {
  const workflow = parse(read('.github/workflows/release.yml')) as {
    permissions: Record<string, string>;
    env: Record<string, string>;
    jobs: { build: Job; publish: Job };
  };
  const { build, publish } = workflow.jobs;
  const commands = (job: Job) => job.steps.map(({ run = '' }) => run);
  const position = (job: Job, part: string) => commands(job).findIndex((run) => run.includes(part));

  it('tests before it packs, packs before it lists, and publishes what was built', () => {
    const order = ['.ci/run', 'sha256sum --check', 'pack:all', 'npm sbom', 'SHA256SUMS'];
    const positions = order.map((part) => position(build, part));
    assert.ok(!positions.includes(-1), commands(build).join('\n'));
    assert.deepEqual(
      positions,
      [...positions].sort((a, b) => a - b),
    );
    assert.equal(publish.needs, 'build');
    assert.ok(!commands(publish).some((run) => run.includes('pack:all')));
  });

  it('signs where the packages were built, and has no more rights than that needs', () => {
    assert.deepEqual(workflow.permissions, { contents: 'read' });
    assert.equal(build.permissions?.['id-token'], 'write');
    assert.equal(build.permissions?.contents, 'read');
    const attested = build.steps.some(({ uses }) =>
      uses?.startsWith('actions/attest-build-provenance@'),
    );
    assert.ok(attested);
    assert.ok(commands(publish).some((run) => /npm publish .*--provenance/.test(run)));
  });

  it('takes the service wrapper that the command names, by its checksum', () => {
    const { SHAWL_URL: url = '', SHAWL_SHA256: sum = '' } = workflow.env;
    assert.ok(read('cli/src/service/windows-service.ts').includes(`'${url}'`), url);
    assert.match(sum, /^[0-9a-f]{64}$/);
  });

  it('calls scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const called = [...commands(build), ...commands(publish)].flatMap((run) =>
      [...run.matchAll(/npm run (\S+)/g)].map(([, name = '']) => name),
    );
    assert.deepEqual(
      called.filter((name) => !(name in scripts)),
      [],
    );
  });
});
