import { fileSchema, WRITTEN_FILES, type WrittenFile } from '../results/spec-schema.ts';
import { docsFile } from './page.ts';

/** The schemas that the presets name for editors, by the path of their file. */
export function schemaFiles(): Map<string, string> {
  const path = (file: WrittenFile) => docsFile(`reference/${file}.schema.json`);
  return new Map(
    (Object.keys(WRITTEN_FILES) as WrittenFile[]).map((file) => [
      path(file),
      `${JSON.stringify(fileSchema(file), null, 2)}\n`,
    ]),
  );
}
