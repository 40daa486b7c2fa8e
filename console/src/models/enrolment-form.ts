import type { EnrolmentRequest } from '@oversoak/contracts';
import { entriesOf, LABELS_TEXT, readLabels } from '@oversoak/contracts/settings/text-list';

/** The texts of the form's fields. */
export type EnrolmentFields = Record<'agentId' | 'address' | 'labels' | 'targets', string>;

/** What the API is asked for; it checks the rest. @throws Error for labels that are none */
export function enrolmentRequest(fields: EnrolmentFields): EnrolmentRequest {
  const labels = readLabels(fields.labels);
  if (labels === null) {
    throw new Error(`Labels must be ${LABELS_TEXT}.`);
  }
  return {
    agentId: fields.agentId.trim(),
    address: fields.address.trim(),
    labels,
    targets: entriesOf(fields.targets),
  };
}
