import {
  type Problem,
  ScheduleInput,
  schemaProblems,
  type Webhook,
  within,
  wrongKind,
} from '@oversoak/contracts';
import { Value } from 'typebox/value';
import { validateSpec } from '../submit/validate.ts';
import { cronProblems, timeZoneProblems } from './cron.ts';

export type ValidSchedule = { schedule: ScheduleInput } | { problems: Problem[] };

/**
 * Fills in the defaults and reports every problem. The spec is validated like a submitted one, with
 * pointers under /spec.
 */
export function validateSchedule(put: unknown): ValidSchedule {
  const other = wrongKind(put, 'schedule');
  if (other.length > 0) return { problems: other };
  const filled: unknown = Value.Default(ScheduleInput, structuredClone(put));
  const found = schemaProblems(ScheduleInput, filled);
  const { spec: given, ...rest } = (filled ?? {}) as Partial<ScheduleInput>;
  const spec = given === undefined ? null : validateSpec((put as ScheduleInput).spec);
  const outside = found.filter(({ pointer }) => spec === null || !isAt('/spec', pointer));
  const sound = (pointer: string) => !outside.some((problem) => isAt(pointer, problem.pointer));
  const fields = (field: string, problems: () => Problem[]) =>
    sound(field) && sound('') ? within(field, problems()) : [];
  const problems = [
    ...outside,
    ...fields('/cron', () => cronProblems(rest.cron ?? '')),
    ...fields('/timeZone', () => timeZoneProblems(rest.timeZone ?? '')),
    ...fields('/webhook', () => (rest.webhook === undefined ? [] : webhookProblems(rest.webhook))),
    ...(spec !== null && 'problems' in spec ? within('/spec', spec.problems) : []),
  ];
  if (problems.length > 0 || spec === null || 'problems' in spec) return { problems };
  return { schedule: { ...(filled as ScheduleInput), spec: spec.spec } };
}

/** Whether a problem is in this field or a part of it; '' matches the whole body only. */
function isAt(field: string, pointer: string): boolean {
  return pointer === field || (field !== '' && pointer.startsWith(`${field}/`));
}

const SECRET = /^whsec_((?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?)$/;
const KEY_BYTES = { least: 24, most: 64 } as const;

function webhookProblems({ url, secret }: Webhook): Problem[] {
  const problems: Problem[] = [];
  if (!URL.canParse(url)) {
    problems.push({ pointer: '/url', detail: 'is not an http or https URL' });
  } else if (new URL(url).username !== '' || new URL(url).password !== '') {
    const detail = 'must not contain a user name or password; events are signed instead';
    problems.push({ pointer: '/url', detail });
  }
  const key = Buffer.from(SECRET.exec(secret)?.[1] ?? '', 'base64');
  if (key.length < KEY_BYTES.least || key.length > KEY_BYTES.most) {
    const detail =
      `must be "whsec_" and base64 of ${KEY_BYTES.least} to ${KEY_BYTES.most} bytes; ` +
      'create it with openssl rand -base64 32';
    problems.push({ pointer: '/secret', detail });
  }
  return problems;
}
