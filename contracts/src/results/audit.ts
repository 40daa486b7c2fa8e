import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;

/** How long an entry of the audit is kept. */
export const AUDIT_DAYS = 400;

/** A change, a refused authentication or a refused report. Never a body, never a secret. */
export const AuditEntry = Type.Object(
  {
    atMs: Type.Integer({ description: 'Redis time' }),
    who: Type.Union([Type.String(), Type.Null()], {
      description: 'name and id of the token, or id of the agent; null: not known',
    }),
    from: Type.Union([Type.String(), Type.Null()], {
      description: 'address of the caller; null: it came through a queue',
    }),
    action: Type.String({ description: 'method and route, or what an agent did' }),
    subject: Type.Union([Type.String(), Type.Null()], {
      description: 'what it was done to: the parameters of the path, or the run',
    }),
    outcome: Type.String({ description: 'HTTP status, or why it was refused' }),
  },
  closed,
);
export type AuditEntry = Static<typeof AuditEntry>;
