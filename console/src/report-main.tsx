import { hydrate } from 'preact';
import { type ReportContent, ReportPage } from './report-page.tsx';

/** The data of a report file, as `reportHtml` writes them. */
async function contentOf(base64: string): Promise<ReportContent> {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const text = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return (await new Response(text).json()) as ReportContent;
}

// In a report file: the page is there already; this adds the plots against time and the choices.
const data = document.getElementById('report-data')?.textContent ?? '';
const place = document.getElementById('report');
if (place !== null) hydrate(<ReportPage content={await contentOf(data)} />, place);
