import { ProtocolFile } from '../protocol/protocol-file.ts';
import { SoakSpec } from '../spec/soak-spec.ts';
import { inputSchema } from '../values/input-schema.ts';
import { ScheduleInput } from './schedule.ts';

/** The files that users write. */
export const WRITTEN_FILES = {
  soak: SoakSpec,
  schedule: ScheduleInput,
  protocol: ProtocolFile,
} as const;
export type WrittenFile = keyof typeof WRITTEN_FILES;

/** JSON Schema for editors and other tools; rules between fields are not in it. */
export function fileSchema(file: WrittenFile): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `oversoak ${file}`,
    ...inputSchema(WRITTEN_FILES[file]),
  };
}
