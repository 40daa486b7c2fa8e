import type { SoakDifference } from '@oversoak/contracts';
import { Notes } from '../parts/section.tsx';
import { platformClass } from '../parts/verdict.tsx';
import { Differences } from './differences.tsx';

/** Two soaks, or cells of them, in the console and in the report alike. */
export function ComparisonResults({ difference }: { difference: SoakDifference }) {
  const { left, right, platform, cells, unmatched, notes } = difference;
  return (
    <>
      <p>
        Left: {left.name} <small>({left.selector})</small>. Right: {right.name}{' '}
        <small>({right.selector})</small>. A ratio is right over left.
      </p>
      {platform.map((label) => (
        <p key={label} class={platformClass(label)}>
          {label}
        </p>
      ))}
      <Notes notes={notes} />
      <Differences cells={cells} />
      {unmatched.length > 0 && <p>Cells that only one side has: {unmatched.join(', ')}.</p>}
    </>
  );
}
