/** Pure: a length or a place in percent, as an attribute; finer than this is not to be seen. */
export const percent = (value: number): string => `${Number(value.toFixed(2))}%`;

/** A stretch of a bar, in percent of its width. */
export interface BarPart {
  from: number;
  length: number;
  /** Of the style sheet. */
  className: string;
  /** Missing: the text beside the bar says it. */
  title?: string;
}

interface BarProps {
  parts: readonly BarPart[];
  /** Missing: the text beside the bar says it. */
  label?: string;
}

/** A bar of parts behind one another; the text beside it has its figures. */
export function Bar({ parts, label }: BarProps) {
  const rects = parts.map(({ from, length, className, title }) => (
    <rect key={className} class={className} x={percent(from)} width={percent(length)}>
      {title !== undefined && <title>{title}</title>}
    </rect>
  ));
  if (label === undefined) {
    return (
      <svg class="bar" aria-hidden="true">
        {rects}
      </svg>
    );
  }
  return (
    <svg class="bar" role="img" aria-label={label}>
      {rects}
    </svg>
  );
}
