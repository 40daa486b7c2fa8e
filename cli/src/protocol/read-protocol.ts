import { type Problem, pointerTo } from '@oversoak/contracts';
import { compileProtocol } from '@oversoak/contracts/protocol/compile';
import type { Program } from '@oversoak/contracts/protocol/program';
import type { ProtocolFile } from '@oversoak/contracts/protocol/protocol-file';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { invalid } from '../api/problem.ts';
import { parseMapping, readSpecText } from '../spec/read-spec.ts';

const EXPECTED = 'a protocol: expected a mapping with "name", "framing", "requests", ...';

/** Reads and checks the description of a protocol; each problem has its line in the file. */
export async function readProtocol(
  file: string,
): Promise<{ program: Program; file: ProtocolFile }> {
  const text = await readSpecText(file);
  const compiled = compileProtocol(parseMapping(file, text, EXPECTED));
  if ('program' in compiled) return compiled;
  throw invalid(file, withLines(text.text, compiled.problems), 'protocol');
}

/** Problems whose text begins with the line of their field, or of what should contain it. */
export function withLines(text: string, problems: readonly Problem[]): Problem[] {
  const lines = new LineCounter();
  // It was read, so its keys are known to be unique.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  return problems.map(({ pointer, detail }) => {
    const path = pointer.split('/').slice(1);
    for (let length = path.length; length > 0; length--) {
      const node: unknown = document.getIn(path.slice(0, length).map(keyOf), true);
      if (!isNode(node) || node.range == null) continue;
      return { pointer, detail: `line ${lines.linePos(node.range[0]).line}: ${detail}` };
    }
    return { pointer, detail };
  });
}

/** A segment of a JSON pointer, as the key of a mapping or the index of a list. */
function keyOf(segment: string): string | number {
  const key = segment.replaceAll('~1', '/').replaceAll('~0', '~');
  return pointerTo(key) === pointerTo(Number(key)) ? Number(key) : key;
}
