import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { rangeText } from '../models/range-text.ts';

export interface TimeLine {
  label: string;
  /** Index of its colour in the style sheet. */
  colour: number;
  values: readonly (number | null)[];
}

interface TimeChartProps {
  title: string;
  /** Behind the ranges of the lines. */
  note?: string;
  /** Seconds since the start that the page names. */
  seconds: readonly number[];
  lines: readonly TimeLine[];
  text(value: number): string;
  /** Ticks at powers of ten, at whole numbers, or anywhere; default: anywhere. */
  ticks?: 'decades' | 'whole';
}

const HEIGHT = 200;
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 1e4, 2e4, 5e4, 1e5, 1e6];
/** Whole seconds, minutes and hours. */
const SECONDS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400,
];
const isSparse: uPlot.Series.Points.Show = (_plot, _series, first, last) => last - first < 3;
/** Of the lines of a logarithmic axis; without it there are nine in each decade. */
const decadesOnly: uPlot.Axis.Filter = (_plot, splits) =>
  splits.map((value) => (Number.isInteger(Math.log10(value)) ? value : null));
const LEGEND_DOT = 8;

/** Series against time. The caption has the range of each line for readers who cannot see the plot. */
export function TimeChart({ title, note, seconds, lines, text, ticks }: TimeChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const data = [seconds, ...lines.map(({ values }) => values)] as uPlot.AlignedData;

  // Made once: new data come by setData.
  useEffect(() => {
    if (place.current === null) return;
    const made = new uPlot(optionsOf(place.current, lines, text, ticks), data, place.current);
    plot.current = made;
    const fit = () => {
      if (place.current !== null)
        made.setSize({ width: place.current.clientWidth, height: HEIGHT });
    };
    const sizes = new ResizeObserver(fit);
    sizes.observe(place.current);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => made.redraw();
    scheme.addEventListener('change', redraw);
    return () => {
      sizes.disconnect();
      scheme.removeEventListener('change', redraw);
      made.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData(data));

  return (
    <figure class="time">
      <figcaption>
        <strong>{title}</strong>{' '}
        {lines.map(({ label, colour, values }) => (
          <span key={label} class="range">
            <svg class="key" width={LEGEND_DOT} height={LEGEND_DOT} aria-hidden="true">
              <rect class={`fill c${colour}`} width={LEGEND_DOT} height={LEGEND_DOT} />
            </svg>{' '}
            {label}: {rangeText(values, text)}
          </span>
        ))}
        {note !== undefined && <span class="range">{note}</span>}
      </figcaption>
      <div ref={place} aria-hidden="true" />
    </figure>
  );
}

const styleOf = (name: string) =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** `40 s`, `12 min`, `3 h`; by the step between two of them, so that all are in one unit. */
const timeText = (seconds: number, step: number) => {
  if (step < 60 && seconds < 120) return `${seconds} s`;
  return step < 3600 && seconds < 7200
    ? `${+(seconds / 60).toFixed(1)} min`
    : `${+(seconds / 3600).toFixed(1)} h`;
};

function optionsOf(
  place: HTMLElement,
  lines: readonly TimeLine[],
  text: (value: number) => string,
  ticks: TimeChartProps['ticks'],
): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: () => styleOf('--dim'),
    grid: { stroke: () => styleOf('--grid'), width: 1 },
    ticks: { stroke: () => styleOf('--grid'), width: 1 },
  };
  return {
    width: place.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false } },
    scales: {
      x: { time: false },
      y:
        ticks === 'decades'
          ? { distr: 3 }
          : { range: (_plot, least, most) => [Math.min(0, least * 1.08), (most || 1) * 1.08] },
    },
    axes: [
      {
        ...axis,
        incrs: SECONDS,
        values: (_plot, splits, _at, _space, step) => splits.map((at) => timeText(at, step)),
      },
      {
        ...axis,
        size: 76,
        ...(ticks === 'whole' ? { incrs: WHOLE } : {}),
        ...(ticks === 'decades'
          ? {
              filter: decadesOnly,
              grid: { ...axis.grid, filter: decadesOnly },
              ticks: { ...axis.ticks, filter: decadesOnly },
            }
          : {}),
        values: (_plot, splits) => splits.map((split) => (split === null ? '' : text(split))),
      },
    ],
    series: [
      {},
      ...lines.map(({ label, colour }) => ({
        label,
        stroke: () => styleOf(`--c${colour}`),
        width: 1.5,
        // A single point is not a line.
        points: { show: isSparse },
      })),
    ],
  };
}
