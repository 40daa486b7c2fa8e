/** A stretch of a bar, in percent of its width. */
export interface BarPart {
  from: number;
  length: number;
  /** Of the style sheet. */
  className: string;
  title: string;
}

/** A bar of parts behind one another; the text beside it has its figures. */
export function Bar({ parts, label }: { parts: readonly BarPart[]; label: string }) {
  return (
    <svg class="bar" width="100%" height="18" role="img" aria-label={label}>
      {parts.map(({ from, length, className, title }) => (
        <rect key={title} class={className} x={`${from}%`} width={`${length}%`} y="2" height="14">
          <title>{title}</title>
        </rect>
      ))}
    </svg>
  );
}
