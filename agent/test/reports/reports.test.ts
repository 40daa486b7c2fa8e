import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Report } from '@oversoak/contracts';
import { Reports, reportId } from '../../src/reports/reports.ts';
import { Spool } from '../../src/reports/spool.ts';

const report = (runId: string): Report => ({
  kind: 'started',
  runId,
  epoch: 1,
  agentId: 'agent-1',
  role: 'server',
  atMs: 1,
});

describe('reports', () => {
  let dir: string;
  let delivered: string[];
  let reachable: boolean;

  const deliver = async (_: string, { runId }: Report) => {
    if (!reachable) throw new Error('Redis is away');
    delivered.push(runId);
  };
  const files = () => readdirSync(dir).sort();

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'oversoak-test-reports-'));
    delivered = [];
    reachable = true;
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('have an id by run, epoch, agent, role and kind', () => {
    assert.equal(reportId(report('run-a')), 'run-a-1-agent-1-server-started');
  });

  it('are delivered in order and removed from the disk', async () => {
    const reports = new Reports(new Spool(dir), deliver);
    for (const runId of ['run-a', 'run-b', 'run-c']) reports.add(report(runId));
    await reports.close(1_000);
    assert.deepEqual(delivered, ['run-a', 'run-b', 'run-c']);
    assert.deepEqual(files(), []);
  });

  it('are on disk before they are delivered, and survive a restart', async () => {
    reachable = false;
    const first = new Reports(new Spool(dir), deliver);
    first.add(report('run-a'));
    first.add(report('run-b'));
    assert.deepEqual(files(), ['000000000001.json', '000000000002.json']);
    await first.close(1_000);

    reachable = true;
    const second = new Reports(new Spool(dir), deliver);
    second.add(report('run-c'));
    await second.close(1_000);
    assert.deepEqual(delivered, ['run-a', 'run-b', 'run-c']);
    assert.deepEqual(files(), []);
  });

  it('that are truncated or invalid do not block the others', async () => {
    writeFileSync(join(dir, '000000000001.json'), '{"kind":"star');
    writeFileSync(join(dir, '000000000002.json'), '{"kind":"unknown"}');
    writeFileSync(join(dir, '000000000003.json.part'), '');
    const reports = new Reports(new Spool(dir), deliver);
    reports.add(report('run-a'));
    await reports.close(1_000);
    assert.deepEqual(delivered, ['run-a']);
    assert.equal(reports.counts.unreadable, 2);
    assert.deepEqual(files(), ['000000000001.json.unreadable', '000000000002.json.unreadable']);
  });

  it('beyond the bound are dropped and counted', async () => {
    reachable = false;
    const reports = new Reports(new Spool(dir), deliver, 2);
    for (const runId of ['run-a', 'run-b', 'run-c']) reports.add(report(runId));
    assert.equal(reports.counts.overflowed, 1);
    assert.equal(reports.backlog, 2);
    await reports.close(1_000);
  });

  it('that cannot be written to disk are kept in memory and counted', async () => {
    const spool = new Spool(dir);
    const reports = new Reports(spool, deliver);
    rmSync(dir, { recursive: true });
    reports.add(report('run-a'));
    await reports.close(1_000);
    assert.deepEqual(delivered, ['run-a']);
    assert.equal(reports.counts.notSpooled, 1);
  });
});
