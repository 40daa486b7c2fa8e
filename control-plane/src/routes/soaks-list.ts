import {
  PageLimit,
  SCHEDULE_NAME_PATTERN,
  SOAK_PREFIX_PATTERN,
  Soak,
  VERDICTS,
} from '@oversoak/contracts';
import { type Static, Type } from 'typebox';
import { stateOf, verdictOf } from '../run/soak-state.ts';
import type { StoredSoak } from '../store/soaks.ts';

const filters = {
  state: Type.Optional(
    Type.Enum([...Soak.properties.state.enum], { description: 'its state now' }),
  ),
  verdict: Type.Optional(
    Type.Enum([...VERDICTS], { description: 'of the soak; one that is not done has none' }),
  ),
  name: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'a part of its name, in upper or lower case',
    }),
  ),
  schedule: Type.Optional(
    Type.String({
      pattern: SCHEDULE_NAME_PATTERN,
      description: 'name of the schedule that submitted it',
    }),
  ),
};
const Filter = Type.Object(filters);
export type SoakFilter = Static<typeof Filter>;

export const SoaksQuery = Type.Object(
  {
    limit: PageLimit,
    ...filters,
    prefix: Type.Optional(
      Type.String({ pattern: SOAK_PREFIX_PATTERN, description: 'how the ids begin' }),
    ),
    cursor: Type.Optional(Type.String({ maxLength: 100, description: '`nextCursor` of a page' })),
  },
  { additionalProperties: false },
);

/** Pure: whether a soak is one of those that are wanted. */
export function matches(stored: StoredSoak, { state, verdict, name, schedule }: SoakFilter) {
  const { origin, name: own } = stored.soak;
  return (
    (state === undefined || stateOf(stored) === state) &&
    (verdict === undefined || verdictOf(stored) === verdict) &&
    (name === undefined || own.toLowerCase().includes(name.toLowerCase())) &&
    (schedule === undefined || (origin.kind === 'schedule' && origin.schedule === schedule))
  );
}

/** Soaks that one read of the store returns. */
export const READ_AT_ONCE = 100;

/** Soaks that one request looks at, so that a filter that matches nothing has a bound. */
const MAX_READ = 2_000;

interface Listed {
  soaks: StoredSoak[];
  next: string | null;
}

/** The first `limit` matching soaks after `before`; `next` is where the next page begins. */
export async function matchingSoaks(
  list: (before: string | null) => Promise<Listed>,
  wanted: (soak: StoredSoak) => boolean,
  { before, limit }: { before: string | null; limit: number },
): Promise<Listed> {
  const found: StoredSoak[] = [];
  let next = before;
  for (let read = 0; read < MAX_READ; ) {
    const page = await list(next);
    for (const soak of page.soaks) {
      if (!wanted(soak)) continue;
      found.push(soak);
      // The last one of the store may be this one; the next page is then empty.
      if (found.length === limit) return { soaks: found, next: soak.soak.soakId };
    }
    read += Math.max(1, page.soaks.length);
    next = page.next;
    if (next === null) break;
  }
  return { soaks: found, next };
}
