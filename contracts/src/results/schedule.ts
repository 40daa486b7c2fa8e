import { type Static, Type } from 'typebox';
import { SoakSpec, SPEC_EXAMPLE } from '../spec/soak-spec.ts';
import { HTTP_URL_PATTERN, SCHEDULE_NAME_PATTERN } from '../values/name-patterns.ts';
import { VERDICTS } from './run.ts';

const closed = { additionalProperties: false } as const;

export const OVERLAPS = ['skip', 'queue'] as const;
export type Overlap = (typeof OVERLAPS)[number];

export const WEBHOOK_VERDICTS = ['failed', 'inconclusive', 'passed', 'cancelled'] as const;

/** Called when a soak of the schedule ends. */
export const Webhook = Type.Object(
  {
    url: Type.String({ maxLength: 2000, pattern: HTTP_URL_PATTERN }),
    secret: Type.String({
      maxLength: 100,
      description:
        'key of the signature, as Standard Webhooks writes it: whsec_ and base64 of 24 to 64 bytes; never shown again',
    }),
    on: Type.Array(Type.Enum([...WEBHOOK_VERDICTS]), {
      default: ['failed', 'inconclusive'],
      minItems: 1,
      maxItems: WEBHOOK_VERDICTS.length,
      uniqueItems: true,
    }),
  },
  closed,
);
export type Webhook = Static<typeof Webhook>;

/** A schedule as submitted by a user. */
export const ScheduleInput = Type.Object(
  {
    cron: Type.String({
      maxLength: 200,
      description: 'five fields: minute, hour, day of month, month, day of week',
    }),
    timeZone: Type.String({
      default: 'UTC',
      maxLength: 100,
      description: 'IANA name, e.g. Asia/Seoul',
    }),
    enabled: Type.Boolean({ default: true }),
    overlap: Type.Enum([...OVERLAPS], {
      default: 'skip',
      description: 'if the previous soak is not done at a tick: skip the tick, or queue the soak',
    }),
    confirmSuspects: Type.Boolean({
      default: false,
      description:
        'when the trend first suspects a regression, submit the soak once more at once, before the next tick',
    }),
    webhook: Type.Optional(Webhook),
    spec: SoakSpec,
  },
  {
    ...closed,
    description: 'a soak that is submitted by a cron pattern',
    examples: [{ cron: '0 2 * * *', timeZone: 'Asia/Seoul', spec: SPEC_EXAMPLE }],
  },
);
export type ScheduleInput = Static<typeof ScheduleInput>;

export const TICK_CAUSES = ['tick', 'late', 'manual', 'confirm'] as const;
export type TickCause = (typeof TICK_CAUSES)[number];

export const TICK_OUTCOMES = ['pending', 'submitted', 'skipped', 'refused'] as const;
export type TickOutcome = (typeof TICK_OUTCOMES)[number];

/** The outcome of one tick. */
export const ScheduleEntry = Type.Object(
  {
    tickAtMs: Type.Integer({
      description:
        'when it was due; for a manual run: when it was requested; for a confirming soak: just after the tick that it confirms',
    }),
    cause: Type.Enum([...TICK_CAUSES], {
      description:
        'late: no control plane was running when it was due; confirm: the previous soak made the trend suspect a regression',
    }),
    outcome: Type.Enum([...TICK_OUTCOMES], {
      description:
        'pending: about to be submitted; skipped: the previous soak was not done; refused: for example, no agents could run it',
    }),
    soakId: Type.Union([Type.String(), Type.Null()]),
    verdict: Type.Union([Type.Enum([...VERDICTS]), Type.Null()], {
      description: 'null: its soak is not done yet, does not exist, or was deleted',
    }),
    note: Type.String({ description: 'why it was late, skipped or refused; else empty' }),
    webhook: Type.Union([Type.String(), Type.Null()], {
      description:
        '`pending`, `pending: result of the last attempt`, `delivered` or `failed: why`; null: no notification is due, or not yet',
    }),
  },
  closed,
);
export type ScheduleEntry = Static<typeof ScheduleEntry>;

/** A schedule in the API. */
export const Schedule = Type.Object(
  {
    name: Type.String({ pattern: SCHEDULE_NAME_PATTERN }),
    ...Type.Omit(ScheduleInput, ['webhook']).properties,
    webhook: Type.Union([Type.Omit(Webhook, ['secret']), Type.Null()]),
    createdAtMs: Type.Integer(),
    updatedAtMs: Type.Integer(),
    nextAtMs: Type.Union([Type.Integer(), Type.Null()], { description: 'null: not enabled' }),
    last: Type.Union([ScheduleEntry, Type.Null()], {
      description: 'the newest entry of its history',
    }),
    stopped: Type.Union([Type.String(), Type.Null()], {
      description: 'why it submits no soaks although it is enabled; null: it does submit them',
    }),
  },
  closed,
);
export type Schedule = Static<typeof Schedule>;

/** The payload of a webhook, in the form that Standard Webhooks recommends. */
export const WebhookEvent = Type.Object(
  {
    type: Type.Enum(['soak.done', 'soak.refused']),
    timestamp: Type.String({ description: 'when it happened; ISO 8601' }),
    data: Type.Object(
      {
        schedule: Type.String(),
        tickAtMs: Type.Integer(),
        soakId: Type.Union([Type.String(), Type.Null()], { description: 'null: refused' }),
        verdict: Type.Enum([...VERDICTS], { description: 'inconclusive: refused' }),
        reasons: Type.Array(Type.String(), {
          description: 'reasons of the runs with that verdict',
        }),
        path: Type.String({ description: 'path of the soak, or of the history, in the API' }),
      },
      closed,
    ),
  },
  { ...closed, description: 'what is posted to the webhook of a schedule' },
);
export type WebhookEvent = Static<typeof WebhookEvent>;
