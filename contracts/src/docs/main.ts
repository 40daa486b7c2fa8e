// Writes the pages of docs/ that are generated from what is declared here.
import { writeFileSync } from 'node:fs';
import { SETTINGS_PAGE, settingsMarkdown } from './settings-markdown.ts';
import { TELEMETRY_PAGE, telemetryMarkdown } from './telemetry-markdown.ts';

writeFileSync(SETTINGS_PAGE, settingsMarkdown());
writeFileSync(TELEMETRY_PAGE, telemetryMarkdown());
