// Generates the pages of docs/ whose content is declared in this package.
import { writeFileSync } from 'node:fs';
import { SETTINGS_PAGE, settingsMarkdown } from './settings-markdown.ts';
import { TELEMETRY_PAGE, telemetryMarkdown } from './telemetry-markdown.ts';

writeFileSync(SETTINGS_PAGE, settingsMarkdown());
writeFileSync(TELEMETRY_PAGE, telemetryMarkdown());
