import { CHECKSUMS, checksumBits, isChecksum } from '@oversoak/contracts/protocol/checksum';
import { compileProtocol } from '@oversoak/contracts/protocol/compile';
import type { Program } from '@oversoak/contracts/protocol/program';
import {
  LENGTH_COUNTS,
  type ProtocolFile,
  type ProtocolStep,
} from '@oversoak/contracts/protocol/protocol-file';

/** A description that differs from the user's in one point. */
export interface Variant {
  /** What the user would change, such as `framing.endian: big (it is little)`. */
  change: string;
  program: Program;
}

interface Draft {
  change: string;
  file: ProtocolFile;
}

/**
 * The usual mistakes, each undone; those that would be no valid description are left out, and where an answer
 * is to no message that was sent, those that would take it all the same.
 */
export function variantsOf(file: ProtocolFile, answersUnsent: boolean): Variant[] {
  const drafts = [
    ...lengths(file),
    ...delimiters(file),
    ...lineEnds(file),
    ...checksums(file),
    ...byteOrders(file),
    ...(answersUnsent ? [] : [...matches(file), anyOrder(file), pushes(file)]),
    greeting(file),
  ];
  const own = JSON.stringify(file);
  return drafts.flatMap(({ change, file: changed }) => {
    if (JSON.stringify(changed) === own) return [];
    const compiled = compileProtocol(changed);
    return 'program' in compiled ? [{ change, program: compiled.program }] : [];
  });
}

function lengths(file: ProtocolFile): Draft[] {
  const { framing } = file;
  if (framing.by !== 'length') return [];
  const { endian = 'little', counts = 'after', bytes = 1 } = framing;
  const withFraming = (change: string, fields: Partial<ProtocolFile['framing']>) => ({
    change,
    file: { ...file, framing: { ...framing, ...fields } },
  });
  const other = endian === 'little' ? 'big' : 'little';
  const orders = [withFraming(`framing.endian: ${other} (it is ${endian})`, { endian: other })];
  const counted = LENGTH_COUNTS.filter((each) => each !== counts && each !== 'body').map((each) =>
    withFraming(`framing.counts: ${each} (it is ${counts})`, { counts: each }),
  );
  const sizes = [1, 2, 3, 4]
    .filter((each) => each !== bytes)
    .flatMap((each) =>
      (['little', 'big'] as const).map((order) =>
        withFraming(`framing.bytes: ${each} (it is ${bytes}), endian: ${order}`, {
          bytes: each,
          endian: order,
        }),
      ),
    );
  return [...(bytes === 1 ? [] : orders), ...counted, ...sizes];
}

const LINE_ENDS = ['\\r\\n', '\\n', '\\0', '\\r'];

function delimiters(file: ProtocolFile): Draft[] {
  const { framing } = file;
  if (framing.by !== 'delimiter') return [];
  return LINE_ENDS.map((delimiter) => ({
    change: `framing.delimiter: ${delimiter} (it is ${written(framing.delimiter ?? '')})`,
    file: { ...file, framing: { ...framing, delimiter } },
  }));
}

/** Without a frame, an end of a message that is missing is missing in the template. */
function lineEnds(file: ProtocolFile): Draft[] {
  if (file.framing.by !== 'template') return [];
  return LINE_ENDS.map((end) => ({
    change: `${end} at the end of what is sent`,
    file: withTemplates(file, (text, isSent) => (isSent ? text + end : text)),
  }));
}

const PLACEHOLDER = /\{([a-z0-9-]+):([^}:\\]+)((?::[^}]*)?)\}/g;

/** The first argument of a placeholder, its name and what follows, each replaced. */
function withPlaceholders(
  file: ProtocolFile,
  replace: (name: string, format: string, rest: string) => string | null,
): ProtocolFile {
  return withTemplates(file, (text) =>
    text.replaceAll(PLACEHOLDER, (whole, name: string, format: string, rest: string) => {
      const replaced = replace(name, format, rest);
      return replaced === null ? whole : `{${replaced}}`;
    }),
  );
}

function namesIn(file: ProtocolFile): string[] {
  const found = new Set<string>();
  withPlaceholders(file, (name) => {
    found.add(name);
    return null;
  });
  return [...found];
}

function checksums(file: ProtocolFile): Draft[] {
  return namesIn(file)
    .filter(isChecksum)
    .flatMap((used) => {
      const others = CHECKSUMS.filter(
        (each) => each !== used && checksumBits(each) === checksumBits(used),
      );
      const algorithms = others.map((other) => ({
        change: `{${other}:…} in place of {${used}:…}`,
        file: withPlaceholders(file, (name, format, rest) =>
          name === used ? `${other}:${format}${rest}` : null,
        ),
      }));
      const fieldEnd = (file.framing.offset ?? 0) + (file.framing.bytes ?? 0);
      const ranges = [':before', ':after', ...(fieldEnd > 0 ? [`:${fieldEnd}`] : [])].map(
        (range) => ({
          change: `{${used}:…${range}}: another range of bytes`,
          file: withPlaceholders(file, (name, format, rest) =>
            name === used && (rest || ':before') !== range ? `${name}:${format}${range}` : null,
          ),
        }),
      );
      return [...algorithms, ...ranges];
    });
}

/** The other byte order of each number, a checksum's included. */
function byteOrders(file: ProtocolFile): Draft[] {
  return namesIn(file).map((used) => ({
    change: `{${used}:…} in the other byte order (le and be exchanged)`,
    file: withPlaceholders(file, (name, format, rest) => {
      if (name !== used || !/^u\d+(?:le|be)$/.test(format)) return null;
      const other = format.endsWith('le') ? format.replace('le', 'be') : format.replace('be', 'le');
      return `${name}:${other}${rest}`;
    }),
  }));
}

function matches(file: ProtocolFile): Draft[] {
  return (['order', 'sequence', 'identifier'] as const).map((match) => ({
    change: `match: ${match} (it is ${file.match})`,
    file: { ...file, match },
  }));
}

/** For a server that answers in any order, which is no error with identifiers alone. */
function anyOrder(file: ProtocolFile): Draft {
  const named = withPlaceholders(file, (name, format, rest) =>
    name === 'sequence' ? `identifier:${format}${rest}` : null,
  );
  return {
    change: `match: identifier (it is ${file.match}), with {identifier} in place of {sequence}`,
    file: { ...named, match: 'identifier' },
  };
}

const anythingOf = ({ framing }: ProtocolFile) =>
  framing.by === 'template' ? '{until:\\n}' : '{rest}';

function greeting(file: ProtocolFile): Draft {
  const step: ProtocolStep = { expect: anythingOf(file) };
  return {
    change: `a greeting: a first step of login with only "expect", such as ${step.expect}`,
    file: { ...file, login: [step, ...(file.login ?? [])] },
  };
}

function pushes(file: ProtocolFile): Draft {
  return {
    change: 'ignore: a pattern for messages that the server sends on its own',
    file: { ...file, ignore: [...(file.ignore ?? []), anythingOf(file)] },
  };
}

function withTemplates(
  file: ProtocolFile,
  change: (text: string, isSent: boolean) => string,
): ProtocolFile {
  const step = <T extends ProtocolStep>(given: T): T => ({
    ...given,
    ...(given.send === undefined ? {} : { send: change(given.send, true) }),
    ...(given.expect === undefined ? {} : { expect: answer(given.expect) }),
  });
  const answer = (expect: string | string[]) =>
    typeof expect === 'string' ? change(expect, false) : expect.map((text) => change(text, false));
  const { login, logout, ignore, errors } = file;
  const unasked = (texts: string[]) => texts.map((text) => change(text, false));
  return {
    ...file,
    requests: file.requests.map((request) => step({ ...request })) as ProtocolFile['requests'],
    ...(login === undefined ? {} : { login: login.map(step) }),
    ...(logout === undefined ? {} : { logout: logout.map(step) }),
    ...(ignore === undefined ? {} : { ignore: unasked(ignore) }),
    ...(errors === undefined ? {} : { errors: unasked(errors) }),
  };
}

/** Control characters as escapes. */
function written(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('\\\\', '\\');
}
