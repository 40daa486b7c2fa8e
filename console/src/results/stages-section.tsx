import type { ComparedCell, ReportedCell, Stage } from '@oversoak/contracts';
import { STAGE_NAMES, STAGES } from '@oversoak/contracts/figures/stages';
import { Bar } from '../charts/bar.tsx';
import { latencyText } from '../models/percentile-plot.ts';
import { type StageBar, stageBars } from '../models/stage-bars.ts';
import { Folded, Section } from '../parts/section.tsx';

const colourOf = (stage: Stage) => `fill c${STAGE_NAMES.indexOf(stage)}`;

const NOTE =
  'Means of echoes of similar latency: of those near the median, and of the slowest, until 1 % of ' +
  'the echoes is reached. Each of the two has a scale of its own.';

interface StagesSectionProps {
  cells: readonly ComparedCell[];
  reported: readonly ReportedCell[];
}

/** Where an echo's time went, in the middle and in the tail. */
export function StagesSection({ cells, reported }: StagesSectionProps) {
  const rows = stageBars(cells, reported);
  if (rows.length === 0) return null;
  return (
    <Section title="Where the time went" note={NOTE}>
      <ul class="keys">
        {STAGE_NAMES.map((stage) => (
          <li key={stage} title={STAGES[stage]}>
            <svg class="key" width="10" height="10" aria-hidden="true">
              <rect class={colourOf(stage)} width="10" height="10" />
            </svg>
            {stage}
          </li>
        ))}
      </ul>
      <Folded count={rows.length} summary={`${rows.length} cells`}>
        {rows.map(({ key, bars }) => (
          <div key={key} class="stages">
            <h3>{key}</h3>
            {bars.map((bar) => (
              <StageRow key={bar.of} bar={bar} />
            ))}
          </div>
        ))}
      </Folded>
    </Section>
  );
}

function StageRow({ bar }: { bar: StageBar }) {
  const { of, totalUs, dominating, parts } = bar;
  const titleOf = ({ stage, us }: (typeof parts)[number]) => `${stage}: ${latencyText(us)}`;
  return (
    <div class="stage-row">
      <span class="name">{of}</span>
      <Bar
        label={`${of}: ${parts.map(titleOf).join(', ')}`}
        parts={parts.map((part) => ({
          ...part,
          className: colourOf(part.stage),
          title: titleOf(part),
        }))}
      />
      <span class="figure">
        {latencyText(totalUs)} <small>mostly {dominating}</small>
      </span>
    </div>
  );
}
