import type { NightPlot } from '../models/nights.ts';
import { percent } from './bar.tsx';

/** Nights beside the band of their base; the list beneath has their figures. */
export function NightStrip({ plot, label }: { plot: NightPlot; label: string }) {
  const { marks, band } = plot;
  return (
    <svg class="nights" width="100%" height="90" role="img" aria-label={label}>
      {band !== null && (
        <rect
          class="band"
          x="0"
          width="100%"
          y={percent(band.top)}
          height={percent(Math.max(0.5, band.bottom - band.top))}
        />
      )}
      {marks.map(({ soakId, x, y, state }) =>
        y === null ? null : (
          <circle key={soakId} class={`night ${state}`} cx={percent(x)} cy={percent(y)} r="4" />
        ),
      )}
    </svg>
  );
}
