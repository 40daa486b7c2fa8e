import { fileURLToPath } from 'node:url';
import { fileSchema, WRITTEN_FILES, type WrittenFile } from '../results/spec-schema.ts';

/** The schemas that the presets name for editors, by the path of their file. */
export function schemaFiles(): Map<string, string> {
  const path = (file: WrittenFile) =>
    fileURLToPath(
      new URL(
        `../../../docs/reference/${file}.schema.json`,
        import.meta.url.replace('/dist/src/', '/src/'),
      ),
    );
  return new Map(
    (Object.keys(WRITTEN_FILES) as WrittenFile[]).map((file) => [
      path(file),
      `${JSON.stringify(fileSchema(file), null, 2)}\n`,
    ]),
  );
}
