import type { ComponentChildren } from 'preact';

interface SectionProps {
  title: string;
  /** What a reader needs to know before the figures. */
  note?: ComponentChildren;
  children: ComponentChildren;
}

export function Section({ title, note, children }: SectionProps) {
  return (
    <section>
      <h2>{title}</h2>
      {note !== undefined && <p class="note">{note}</p>}
      {children}
    </section>
  );
}

/** More than this is pages of it: it is there on request. */
const MANY = 12;

interface FoldedProps {
  /** The number of folded entries. */
  count: number;
  summary: string;
  children: ComponentChildren;
}

/** Open where it is short. */
export function Folded({ count, summary, children }: FoldedProps) {
  return (
    <details open={count <= MANY}>
      <summary>{summary}</summary>
      {children}
    </details>
  );
}

/** What is wider than a phone scrolls by itself; the keyboard reaches it. */
export function Wide({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keys
    <section class="wide" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

export function Notes({ notes }: { notes: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <ul class="notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}
