// What tests of described protocols share.
import assert from 'node:assert/strict';
import type { FleetSnapshot, NativeErrorEvidence } from '@oversoak/contracts';
import { compileProtocol } from '@oversoak/contracts/protocol/compile';
import type { Program } from '@oversoak/contracts/protocol/program';
import type { ProtocolFile } from '@oversoak/contracts/protocol/protocol-file';
import { until } from '@oversoak/testing/waiting/until';
import { type FleetRequest, startFleet } from '../src/index.ts';

export type Given = Partial<ProtocolFile> & Pick<ProtocolFile, 'name' | 'framing' | 'requests'>;

export function described(given: Given): { framed: ProtocolFile; program: Program } {
  const compiled = compileProtocol(given);
  assert.ok('program' in compiled, JSON.stringify(compiled));
  return { framed: compiled.file, program: compiled.program };
}

export interface Ran {
  snapshot: FleetSnapshot;
  first: NativeErrorEvidence[];
}

/** A fleet until it has seen enough; its final figures. */
export async function run(
  request: Omit<FleetRequest, 'host'>,
  enough: (snapshot: FleetSnapshot) => boolean,
): Promise<Ran> {
  const fleet = startFleet({ host: '127.0.0.1', rampUpSeconds: 0, pacing: 'closed', ...request });
  try {
    await until('the fleet has done enough', () => enough(fleet.snapshot()), 60_000);
  } finally {
    await fleet.stop({ drainSeconds: 5 });
  }
  return { snapshot: fleet.snapshot(), first: fleet.firstErrors() };
}

export const after =
  (sent: number) =>
  ({ ledger }: FleetSnapshot) =>
    ledger.sent >= sent;

export const errorsOf = ({ snapshot }: Ran) =>
  Object.fromEntries(Object.entries(snapshot.errors).filter(([, count]) => count > 0));
