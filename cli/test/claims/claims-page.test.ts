import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { findProbe, PROBE_NAMES, PROBE_OUTCOMES, PROBES } from '@oversoak/contracts';
import { answersOf, type ClaimFigures, withFigures } from '../../src/claims/claim-figures.ts';
import { claimsPage } from '../../src/claims/claims-page.ts';
import { PAGE_FILE, readFigures } from '../../src/claims/files.ts';

/** As another run on the same platform might give them. */
function otherFigures(figures: ClaimFigures): ClaimFigures {
  return {
    ...figures,
    date: '2031-01-02',
    tookSeconds: 1,
    cores: 128,
    addonVersion: '9.9.9',
    platform: { ...figures.platform, label: 'another version' },
    results: figures.results.map((result, index) => ({
      ...result,
      outcome: PROBE_OUTCOMES[index % PROBE_OUTCOMES.length] ?? 'holds',
      note: 'another note',
      figures: result.figures.map((figure, at) => ({ ...figure, value: at % 2 ? 77 : null })),
    })),
  };
}

/** Without what a run stamps. */
function words(page: string): string {
  return page.replace(/^ *<!-- seen -->$.*?^ *<!-- \/seen -->$/gms, '');
}

test('docs/claims.md is up to date with the catalogue and the stored figures: npm run claims -- --page', async () => {
  assert.equal(await readFile(PAGE_FILE, 'utf8'), claimsPage(await readFigures()));
});

test('the stored figures are complete, with every probe', async () => {
  const all = await readFigures();
  assert.ok(all.length > 0);
  for (const figures of all) {
    assert.deepEqual(
      figures.results.map(({ name }) => name),
      PROBE_NAMES,
    );
    for (const { name, outcome, evidence } of answersOf(figures)) {
      if (outcome !== 'holds') continue;
      for (const { name: figure, value } of evidence) {
        const known = findProbe(name)?.figures.find((each) => each.name === figure);
        assert.ok(value !== null || known?.mayBeNull !== undefined, `${name}: ${figure}`);
      }
    }
  }
});

test('another run changes only the date and the figures of the page', async () => {
  const all = await readFigures();
  const [before, after] = [claimsPage(all), claimsPage(all.map(otherFigures))];
  assert.notEqual(before, after);
  assert.equal(words(after), words(before));
  for (const stamp of ['2031-01-02', 'another version', 'another note', '128 cores']) {
    assert.ok(after.includes(stamp), stamp);
    assert.ok(!words(after).includes(stamp), stamp);
  }
});

test('the page has each claim, what the lecture says, what Windows documents, and each correction', async () => {
  const page = words(claimsPage(await readFigures()));
  for (const probe of PROBES) {
    const { name, claim, lecture, correction, windows, does, figures } = probe;
    assert.ok(page.includes(`\n### ${name}\n\n**Claim.** ${claim}\n`), name);
    const lines = `[lines]{4,5} ${lecture?.lines.replaceAll('.', '\\.')}`;
    if (lecture === null) assert.match(page, /The lecture does not mention it\./);
    else assert.match(page, new RegExp(`\\*\\*The lecture\\*\\*, ${lines}: `), name);
    for (const words of [lecture?.says, correction, windows.says, windows.source, does]) {
      assert.ok(words === undefined || page.includes(words), `${name}: ${words}`);
    }
    for (const figure of figures) assert.ok(page.includes(`- \`${figure.name}\`: ${figure.what}`));
    if (correction !== undefined) assert.equal(page.split(correction).length, 3, name);
  }
});

test('a run replaces the previous one of its platform, and no other', async () => {
  const [wine] = await readFigures();
  assert.ok(wine !== undefined);
  const windows: ClaimFigures = {
    ...otherFigures(wine),
    platform: { system: 'windows', label: 'Windows 10.0.22631' },
  };
  const both = withFigures([wine], windows);
  assert.deepEqual(
    both.map(({ platform }) => platform.system),
    ['wine', 'windows'],
  );
  const page = claimsPage(both);
  assert.match(page, /Seen on 2031-01-02: Windows 10\.0\.22631/);
  assert.match(page, /^On Windows, 2031-01-02: /m);
  assert.match(page, /^Under Wine, \d{4}-/m);
  const again = withFigures(both, { ...wine, date: '2032-01-01' });
  assert.deepEqual(
    again.map(({ platform, date }) => `${platform.system} ${date}`),
    ['wine 2032-01-01', 'windows 2031-01-02'],
  );
});
