import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { renderToString } from 'preact-render-to-string';
import { type ReportContent, ReportPage } from './report-page.tsx';

/** The build's output for browsers; compiled code is in dist/src. */
const WEB = new URL('../dist/web/', import.meta.url.replace('/dist/src/', '/src/'));
export const WEB_FOLDER = fileURLToPath(WEB);

/** Both come from the build and do not change while the program runs. */
let parts: Promise<{ style: string; script: string }> | undefined;

async function readParts() {
  const [style, script] = await Promise.all(
    ['report.css', 'report.js'].map((name) => readFile(new URL(`../report/${name}`, WEB), 'utf8')),
  );
  return { style: style ?? '', script: (script ?? '').replaceAll('</script', '<\\/script') };
}

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? '');

const titleOf = (content: ReportContent) =>
  content.kind === 'soak'
    ? `${content.report.soak.name}: soak report`
    : `${content.difference.left.name} and ${content.difference.right.name}: comparison`;

/**
 * A report as one file: readable without its script, which adds the plots against time. Its data are
 * JSON, compressed and in base64: a soak of many runs has megabytes. Its own policy lets it load
 * nothing.
 */
export async function reportHtml(content: ReportContent): Promise<string> {
  parts ??= readParts();
  const { style, script } = await parts;
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    "style-src 'unsafe-inline'",
    'img-src data:',
  ].join('; ');
  const data = (await promisify(gzip)(JSON.stringify(content))).toString('base64');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(titleOf(content))}</title>
<style>${style}</style>
</head>
<body>
<div id="report">${renderToString(<ReportPage content={content} />)}</div>
<script type="application/gzip" id="report-data">${data}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}
