// Generates the pages of docs/ whose content is declared in this package.
import { writeFileSync } from 'node:fs';
import { schemaFiles } from './schema-files.ts';
import { SETTINGS_PAGE, settingsMarkdown } from './settings-markdown.ts';
import { TELEMETRY_PAGE, telemetryMarkdown } from './telemetry-markdown.ts';

for (const [file, text] of schemaFiles()) writeFileSync(file, text);
writeFileSync(SETTINGS_PAGE, settingsMarkdown());
writeFileSync(TELEMETRY_PAGE, telemetryMarkdown());
