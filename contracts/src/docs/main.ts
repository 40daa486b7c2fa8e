// Writes the pages of docs/ that are generated from what is declared here.
import { writeFileSync } from 'node:fs';
import { TELEMETRY_PAGE, telemetryMarkdown } from './telemetry-markdown.ts';

writeFileSync(TELEMETRY_PAGE, telemetryMarkdown());
