export { reportHtml, WEB_FOLDER } from './report-html.tsx';
export type { ReportContent } from './report-page.tsx';
