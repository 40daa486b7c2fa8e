import { type Enrolment, NONE } from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import { plainTable } from './plain-table.ts';

const HEAD = ['agent', 'address', 'labels', 'targets', 'identity', 'joined'];

/** 2026-11-24 */
const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);

export function enrolmentsTable(enrolments: readonly Enrolment[], colors: Colors): string {
  if (enrolments.length === 0) {
    return 'No agent has joined. Let one join: oversoak agents enrol ID --address ADDRESS';
  }
  const rows = enrolments.map(({ agentId, address, labels, targets, generation, joinedAtMs }) => [
    agentId,
    address,
    Object.entries(labels)
      .map((label) => label.join('='))
      .join('\n') || NONE,
    targets.join('\n') || NONE,
    String(generation),
    day(joinedAtMs),
  ]);
  return plainTable({ head: HEAD.map((title) => colors.bold(title)), rows, gap: 2 }).text;
}
