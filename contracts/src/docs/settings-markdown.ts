import { settingsOf } from '../settings/read.ts';
import { PROGRAMS, type Program, type Setting } from '../settings/setting.ts';
import { SETTINGS } from '../settings/settings.ts';
import { markdownTable } from '../values/markdown-table.ts';
import { docsFile } from './page.ts';

export const SETTINGS_PAGE = docsFile('reference/settings.md');

const INTRODUCTION = [
  '# Settings',
  'Every setting is an environment variable. A value that is not valid stops the program with a message that names the variable and what is valid. A variable marked *secret* is never shown: not in a log, not in an error. Generated from `contracts/src/settings/settings.ts` by `npm run docs`; tests hold this page, `.env.example`, `compose.yaml` and `deploy/` against it.',
];

const SECTIONS: Readonly<Record<Program, { title: string; text: string }>> = {
  'control-plane': {
    title: 'Control plane',
    text: '`node control-plane/dist/src/main.js`, and the service `control-plane` of the stack. It also reads the settings of telemetry.',
  },
  agent: {
    title: 'Agent',
    text: '`node agent/dist/src/main.js`, and the services `agent-a` and `agent-b` of the stack. It also reads the settings of telemetry. It warns of variables that begin with `OVERSOAK_` and are not its own.',
  },
  telemetry: {
    title: 'Telemetry',
    text: "Control plane and agents send traces and metrics by OTLP/HTTP. These variables have the names, units and defaults of OpenTelemetry's specification; its exporters also read the other ones of that specification (headers, timeouts, compression, certificates, resource attributes).",
  },
  cli: {
    title: 'CLI',
    text: '`npx oversoak`. The clusters that `demo` and `start` make set their parts up themselves: of a shell they take over the settings of telemetry, `OVERSOAK_METRICS_RUN_ID`, `OVERSOAK_TRACE_INTERVAL_SECONDS` and `OVERSOAK_SLOW_ECHOES`.',
  },
  stack: {
    title: 'Stack',
    text: '`compose.yaml`, by `npx oversoak up` or `docker compose up`: from `.env` beside it, or from the shell, which goes before it. `up` makes the secrets.',
  },
};

const code = (text: string) => `\`${text}\``;

function defaultText(setting: Setting, program: Program): string {
  if (setting.requiredBy?.includes(program)) return '*required*';
  if (setting.default === undefined) return setting.without ?? 'not set';
  const text = setting.kind.format(setting.default);
  return text === '' ? 'empty' : code(text);
}

function settingsTable(program: Program): string {
  const rows = settingsOf(program).map((name) => {
    const setting: Setting = SETTINGS[name];
    return [
      `${code(name)}${setting.kind.secret ? ' *secret*' : ''}`,
      setting.kind.valid,
      defaultText(setting, program),
      setting.description,
    ];
  });
  return markdownTable(['variable', 'value', 'default', 'what it is'], rows);
}

/** The whole of docs/reference/settings.md. */
export function settingsMarkdown(): string {
  const sections = PROGRAMS.flatMap((program) => {
    const { title, text } = SECTIONS[program];
    return [`## ${title}`, text, settingsTable(program)];
  });
  return `${[...INTRODUCTION, ...sections].join('\n\n')}\n`;
}
