import { percent } from './bar.tsx';

interface IntervalProps {
  at: number;
  low: number | null;
  high: number | null;
  /** The position of the line that the interval is compared with. */
  reference?: number;
  label: string;
}

/** A value with its interval, in percent of the width; an end that is cut off has no mark. */
export function IntervalLine({ at, low, high, reference, label }: IntervalProps) {
  return (
    <svg class="interval" width="100%" height="20" role="img" aria-label={label}>
      {reference !== undefined && (
        <line class="reference" x1={percent(reference)} x2={percent(reference)} y1="0" y2="20" />
      )}
      {low !== null && high !== null && (
        <>
          <line class="whisker" x1={percent(low)} x2={percent(high)} y1="10" y2="10" />
          {low > 0 && <line class="whisker" x1={percent(low)} x2={percent(low)} y1="5" y2="15" />}
          {high < 100 && (
            <line class="whisker" x1={percent(high)} x2={percent(high)} y1="5" y2="15" />
          )}
        </>
      )}
      <circle class="value" cx={percent(at)} cy="10" r="4.5" />
    </svg>
  );
}
