import { hydrate } from 'preact';
import { type ReportContent, ReportPage } from './report-page.tsx';

// In a report file: the page is there already; this adds the plots against time and the choices.
const data = document.getElementById('report-data')?.textContent ?? '';
const place = document.getElementById('report');
if (place !== null) hydrate(<ReportPage content={JSON.parse(data) as ReportContent} />, place);
