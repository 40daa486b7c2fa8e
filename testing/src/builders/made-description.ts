import { compileProtocol } from '@oversoak/contracts/protocol/compile';
import type { ProtocolFile } from '@oversoak/contracts/protocol/protocol-file';

/** A protocol as a user describes it, with the defaults filled in: one request, which is echoed. */
export function madeDescription(): ProtocolFile {
  const text = 'hex: {length} {sequence:u32be} {random:1..60}';
  const compiled = compileProtocol({
    name: 'numbered',
    framing: { by: 'length', bytes: 2, endian: 'big' },
    maxMessageBytes: 1024,
    match: 'sequence',
    requests: [{ name: 'say', send: text, expect: text }],
  });
  if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems));
  return compiled.file;
}
