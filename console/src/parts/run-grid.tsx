import type { Run } from '@oversoak/contracts';
import { runGrid } from '../models/run-grid.ts';
import { Wide } from './section.tsx';
import { verdictMark } from './verdict.tsx';

/** Cells × repeats, which fills as the soak proceeds. */
export function RunGrid({ runs }: { runs: readonly Run[] }) {
  const rows = runGrid(runs);
  const repeats = Math.max(0, ...rows.map((row) => row.runs.length));
  return (
    <Wide label="Runs by cell and repeat">
      <table class="grid">
        <caption class="unseen">Runs by cell and repeat</caption>
        <thead>
          <tr>
            <th scope="col">cell</th>
            {Array.from({ length: repeats }, (_, index) => (
              <th key={index} scope="col">
                {index + 1}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, runs: ofCell }) => (
            <tr key={key}>
              <th scope="row">{key}</th>
              {ofCell.map(({ runId, state, verdict }) => (
                <td key={runId} class={`mark ${verdict ?? state}`} title={runId}>
                  <span aria-hidden="true">{verdictMark(verdict, state)}</span>
                  <span class="unseen">{verdict ?? state}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
