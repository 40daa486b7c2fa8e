import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { SoakReport } from '@oversoak/contracts';
import { EVIDENCE } from '@oversoak/testing/builders/results';
import { comparedCell, comparison, run, soak, zonesCell } from '@oversoak/testing/builders/soaks';
import { reportHtml } from '../src/index.ts';

const NIGHT_POINTS = 240;
const column = (value: number) => Array.from({ length: NIGHT_POINTS }, (_, at) => value + at / 7);

function report(name: string): SoakReport {
  const cell = comparedCell('iocp');
  const timeline = {
    ...{ startSeconds: column(0), endSeconds: column(120), errors: column(0) },
    ...{ dueRate: column(500), sentRate: column(500), echoRate: column(500) },
    ...{ p50Us: column(1), p99Us: column(2), p999Us: column(3) },
    ...{ sessions: column(4), workingSetBytes: column(5e7), queueDepthMean: column(1) },
  };
  return {
    soak: soak([run('run-1', 'done')], { name, state: 'done' }),
    comparison: comparison([cell], { name }),
    cells: [
      { key: cell.key, latency: { oneIn: [1, 10, 100], us: [100, 200, 900] }, typical: null },
    ],
    runs: [
      {
        runId: 'run-1',
        key: cell.key,
        repeat: 1,
        evidence: EVIDENCE,
        notes: [],
        firstErrors: [],
        timeline,
      },
    ],
    writtenAtMs: 0,
  };
}

describe('a report file', () => {
  it('has its text and plots without its script', async () => {
    const html = await reportHtml({ kind: 'soak', report: report('a night') });
    const [body = ''] = html.split('<script type="application/gzip"');
    assert.match(body, /<h1>a night /);
    assert.match(body, /<polyline [^>]*class="line c0"/);
    assert.match(body, /errors\.corrupt == 0/);
  });

  it('shows who pays for the fan-out, where there are zones', async () => {
    const withZones = report('a zone');
    const cells = [zonesCell('homo'), zonesCell('hetero')];
    const html = await reportHtml({
      kind: 'soak',
      report: { ...withZones, comparison: comparison(cells, { name: 'a zone' }) },
    });
    const [body = ''] = html.split('<script type="application/gzip"');
    assert.match(body, /<h2>Zones<\/h2>/);
    assert.match(body, /content threads, µs/);
    const without = await reportHtml({ kind: 'soak', report: report('a night') });
    assert.doesNotMatch(without.split('<script type="application/gzip"')[0] ?? '', /<h2>Zones/);
  });

  it('has the first errors of a run', async () => {
    const one = report('a night');
    const [run] = one.runs;
    run?.firstErrors.push({
      class: 'checksumMismatch',
      session: 7,
      peer: '10.0.0.9:50123',
      sinceStartSeconds: 3,
      what: 'other bytes than its checksum says',
      message: 4,
      gotHex: 'ffee',
    });
    const html = await reportHtml({ kind: 'soak', report: one });
    const [body = ''] = html.split('<script type="application/gzip"');
    assert.match(
      body,
      /checksumMismatch at 3 s, session 7, peer 10\.0\.0\.9:50123: other bytes than its checksum says, message 4, got ffee/,
    );
  });

  it('lets the browser load nothing, and run its own script alone', async () => {
    const html = await reportHtml({ kind: 'soak', report: report('a night') });
    const script = /<script type="module">(.*)<\/script>\n<\/body>/s.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(script).digest('base64');
    assert.match(html, /default-src 'none'/);
    assert.ok(html.includes(`script-src 'sha256-${hash}'`));
    const outside = html.replace(script, '').match(/(?:src|href)="(?!#)[^"]*"/g) ?? [];
    assert.deepEqual(outside, []);
  });

  it('takes a name for text, whatever it holds', async () => {
    const bad = '</script><script>alert(1)</script>"&';
    const html = await reportHtml({ kind: 'soak', report: report(bad) });
    assert.ok(!html.includes('<script>alert'));
    const data = /id="report-data">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    const json = gunzipSync(Buffer.from(data, 'base64')).toString();
    assert.equal((JSON.parse(json) as { report: SoakReport }).report.soak.name, bad);
  });

  it('is below a megabyte for a night', async () => {
    const html = await reportHtml({ kind: 'soak', report: report('a night') });
    assert.ok(html.length < 1_000_000, `${html.length}`);
  });
});
