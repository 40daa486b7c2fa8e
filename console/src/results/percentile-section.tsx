import type { ComparedCell, ReportedCell } from '@oversoak/contracts';
import { useState } from 'preact/hooks';
import { PercentileChart } from '../charts/percentile-chart.tsx';
import { colouredKeys, MAX_COLOURED, percentilePlot } from '../models/percentile-plot.ts';
import { Section, Wide } from '../parts/section.tsx';

interface PercentileSectionProps {
  cells: readonly ReportedCell[];
  compared: readonly ComparedCell[];
}

export function PercentileSection({ cells, compared }: PercentileSectionProps) {
  const plot = percentilePlot(cells);
  const [coloured, setColoured] = useState(() => {
    const drawn = new Set(plot.lines.map(({ key }) => key));
    return colouredKeys(compared).filter((key) => drawn.has(key));
  });
  if (plot.lines.length === 0) return null;
  const toggle = (key: string) =>
    setColoured((keys) =>
      keys.includes(key) ? keys.filter((one) => one !== key) : [...keys, key].slice(-MAX_COLOURED),
    );
  const more = plot.lines.length > MAX_COLOURED;
  return (
    <Section
      title="Latency by percentile"
      note={
        'From one line across to the next, ten times fewer echoes are left. ' +
        (more ? 'Eight cells have a colour, at first those with the lowest p99.' : '')
      }
    >
      <Wide label="Plot of latency by percentile">
        <PercentileChart plot={plot} coloured={coloured} />
      </Wide>
      <fieldset class="keys">
        <legend>Coloured cells</legend>
        {plot.lines.map(({ key }) => {
          const index = coloured.indexOf(key);
          return (
            <label key={key}>
              <input type="checkbox" checked={index >= 0} onChange={() => toggle(key)} />
              <svg class="key" width="10" height="10" aria-hidden="true">
                <rect class={index < 0 ? 'fill other' : `fill c${index}`} width="10" height="10" />
              </svg>
              {key}
            </label>
          );
        })}
      </fieldset>
    </Section>
  );
}
