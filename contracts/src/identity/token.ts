import { type Static, Type } from 'typebox';
import { ACCESS_ROLES } from './access.ts';

const closed = { additionalProperties: false } as const;

const Role = Type.Enum([...ACCESS_ROLES], {
  description: 'reader: sees everything; operator: also runs soaks; admin: everything',
});

const ExpiresAtMs = Type.Union([Type.Integer(), Type.Null()], {
  description: 'Redis time; null: never, which only the token of OVERSOAK_TOKEN does',
});

/** Stands for the id of the token of OVERSOAK_TOKEN. */
export const BOOTSTRAP_ID = 'bootstrap';

/** Longest life of a token. */
export const MAX_TOKEN_DAYS = 3650;

/** Who calls the API. */
export const Caller = Type.Object(
  {
    id: Type.String({ description: 'of the token; "bootstrap" is the one of OVERSOAK_TOKEN' }),
    name: Type.String(),
    role: Role,
    expiresAtMs: ExpiresAtMs,
  },
  closed,
);
export type Caller = Static<typeof Caller>;

/** A token of the API without its secret. */
export const ApiToken = Type.Object(
  { ...Caller.properties, createdAtMs: Type.Integer({ description: 'Redis time' }) },
  closed,
);
export type ApiToken = Static<typeof ApiToken>;

export const TokenRequest = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, description: 'who or what it is for' }),
    role: Role,
    expiresInDays: Type.Integer({ default: 90, minimum: 1, maximum: MAX_TOKEN_DAYS }),
  },
  { ...closed, examples: [{ name: 'ci', role: 'operator', expiresInDays: 30 }] },
);
export type TokenRequest = Static<typeof TokenRequest>;

/** The only answer that has a token's secret. */
export const CreatedToken = Type.Object(
  {
    ...ApiToken.properties,
    token: Type.String({ description: 'osk_<id>_<secret>; shown here and never again' }),
  },
  closed,
);
export type CreatedToken = Static<typeof CreatedToken>;
