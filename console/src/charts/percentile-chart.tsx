import type { PercentileLine, PercentilePlot } from '../models/percentile-plot.ts';

const WIDTH = 720;
const HEIGHT = 340;
const LEFT = 66;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 40;

const across = (x: number) => LEFT + x * (WIDTH - LEFT - RIGHT);
const down = (y: number) => TOP + (1 - y) * (HEIGHT - TOP - BOTTOM);

interface PercentileChartProps {
  plot: PercentilePlot;
  /** Keys that have a colour, in the order of the colours. */
  coloured: readonly string[];
}

/** Latency by log of 1/(1 − p): a straight line is an exponential tail, a step is a stall. */
export function PercentileChart({ plot, coloured }: PercentileChartProps) {
  const grey = plot.lines.filter(({ key }) => !coloured.includes(key));
  const inColour = coloured.flatMap((key) => plot.lines.find((line) => line.key === key) ?? []);
  return (
    <svg class="plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={labelOf(plot)}>
      {plot.latencies.map(({ at, text }) => (
        <g key={text}>
          <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={down(at)} y2={down(at)} />
          <text x={LEFT - 8} y={down(at) + 4} text-anchor="end">
            {text}
          </text>
        </g>
      ))}
      {plot.percentiles.map(({ at, text }) => (
        <g key={text}>
          <line class="grid" x1={across(at)} x2={across(at)} y1={TOP} y2={HEIGHT - BOTTOM} />
          <text x={across(at)} y={HEIGHT - BOTTOM + 18} text-anchor="middle">
            {text}
          </text>
        </g>
      ))}
      <text x={across(0.5)} y={HEIGHT - 4} text-anchor="middle">
        percentile of the echoes
      </text>
      {grey.map((line) => (
        <polyline key={line.key} class="line other" points={pointsOf(line)}>
          <title>{line.key}</title>
        </polyline>
      ))}
      {inColour.map((line) => (
        <polyline
          key={line.key}
          class={`line c${coloured.indexOf(line.key)}`}
          points={pointsOf(line)}
        >
          <title>{line.key}</title>
        </polyline>
      ))}
    </svg>
  );
}

const pointsOf = ({ points }: PercentileLine) =>
  points.map(({ x, y }) => `${across(x).toFixed(1)},${down(y).toFixed(1)}`).join(' ');

function labelOf({ lines, latencies }: PercentilePlot): string {
  const [least, most] = [latencies[0]?.text ?? '', latencies.at(-1)?.text ?? ''];
  return `Latency by percentile of ${lines.length} cells, from ${least} to ${most}. The table of cells has the figures.`;
}
