import { cellKey, type PinnedBaseline, type Problem, type SoakSpec } from '@oversoak/contracts';
import { type Baselines, soakOfBaseline } from '../store/baselines.ts';
import type { Soaks } from '../store/soaks.ts';
import { cellsOf } from './expand.ts';

export interface AgainstStores {
  baselines: Pick<Baselines, 'get' | 'list'>;
  soaks: Pick<Soaks, 'get'>;
}

/** `against` undefined: the spec names no baseline. */
export type Resolved = { against: PinnedBaseline | undefined } | { problems: Problem[] };

const AT = '/against/baseline';
const refused = (detail: string): Resolved => ({ problems: [{ pointer: AT, detail }] });

/**
 * The spec of the baseline's cells. The pinned spec decides what they serve and how they are
 * loaded. The soak's own spec decides the rest, including the seed, so that both sides get the same
 * arrivals. Thresholds and predictions do not apply to a baseline.
 */
function baselineSpec(pinned: SoakSpec, { name, repeats, seed, priority }: SoakSpec): SoakSpec {
  const { against: _, predictions: __, ...rest } = pinned;
  return { ...rest, name, repeats, seed, priority, thresholds: [] };
}

/** The fields that decide which agents form a gang; of a target, only its presence. */
const GANG: Record<string, (spec: SoakSpec) => unknown> = {
  'fleet.agents': ({ fleet }) => fleet.agents,
  placement: ({ placement }) => placement,
  target: ({ target }) => target !== undefined,
};

function otherGang(pinned: SoakSpec, spec: SoakSpec): string[] {
  return Object.entries(GANG).flatMap(([field, of]) =>
    JSON.stringify(of(pinned)) === JSON.stringify(of(spec)) ? [] : [field],
  );
}

/** Pure: derives the spec for the pinned soak's cells, or refuses if the two are not comparable. */
export function deriveBaseline(
  pinned: { baseline: string; soakId: string; spec: SoakSpec },
  spec: SoakSpec,
): Resolved {
  const { baseline, soakId } = pinned;
  const fields = otherGang(pinned.spec, spec);
  if (fields.length > 0) {
    return refused(
      `both sides must run on the same gang, but "${baseline}" (${soakId}) differs in ` +
        fields.join(', '),
    );
  }
  const [theirs, own] = [pinned.spec, spec].map((of) => cellsOf(of).map(cellKey));
  if (!own?.some((key) => theirs?.includes(key))) {
    return refused(
      `"${baseline}" (${soakId}) has none of these cells: ${own?.join(', ')}; ` +
        `it has: ${theirs?.join(', ')}`,
    );
  }
  return { against: { baseline, soakId, spec: baselineSpec(pinned.spec, spec) } };
}

/** Reads the baseline that a spec names, as it is pinned now. */
export async function resolveAgainst(
  spec: SoakSpec,
  { baselines, soaks }: AgainstStores,
): Promise<Resolved> {
  if (spec.against === undefined) return { against: undefined };
  const { baseline } = spec.against;
  const found = await soakOfBaseline(baseline, baselines);
  if ('missing' in found) return refused(found.missing);
  const { soakId } = found;
  const stored = await soaks.get(soakId);
  if (stored === null)
    return refused(`the soak of baseline "${baseline}", ${soakId}, does not exist`);
  return deriveBaseline({ baseline, soakId, spec: stored.soak.spec }, spec);
}
