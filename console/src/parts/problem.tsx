import type { FieldProblem } from '../api/problem.ts';

/** What went wrong, in the words of the API, field by field. */
export function ProblemNote({ error }: { error: Error | null }) {
  if (error === null) return null;
  const fields = 'fields' in error ? (error.fields as readonly FieldProblem[]) : [];
  return (
    <div class="problem" role="alert">
      <p>{error.message}</p>
      {fields.length > 0 && (
        <ul>
          {fields.map(({ pointer, detail }) => (
            <li key={`${pointer} ${detail}`}>
              <code>{pointer === '' ? '/' : pointer}</code>: {detail}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
