// Generates the pages of docs/ whose content is declared in this package.
import { writeFileSync } from 'node:fs';
import { TELEMETRY_PAGE, telemetryMarkdown } from './telemetry-markdown.ts';

writeFileSync(TELEMETRY_PAGE, telemetryMarkdown());
