import { wrongKind } from '../values/file-kind.ts';
import { type Problem, pointerTo, validate, within } from '../values/validation.ts';
import { compileFraming } from './compile-framing.ts';
import {
  type CompiledTemplate,
  compileTemplate,
  fixedBytes,
  type TemplateUse,
} from './compile-template.ts';
import { distinctNumbers } from './number-format.ts';
import type {
  Expected,
  MatchField,
  Pattern,
  Program,
  ProgramFraming,
  ProgramRequest,
  ProgramStep,
} from './program.ts';
import { ProtocolFile, type ProtocolStep } from './protocol-file.ts';
import { longestBytes, sendProblem, wholeProblem } from './template-rules.ts';

export type CompiledProtocol = { program: Program; file: ProtocolFile } | { problems: Problem[] };

const SHARE_TOLERANCE = 1e-6;
const TWO_TO_32 = 2 ** 32;

/** Checks a description as a whole; each problem names its field and its place in the template. */
export function compileProtocol(given: unknown): CompiledProtocol {
  const other = wrongKind(given, 'protocol');
  if (other.length > 0) return { problems: other };
  const checked = validate(ProtocolFile, given);
  if ('problems' in checked) return checked;
  const file = checked.value;
  const framing = compileFraming(file.framing);
  if ('problems' in framing) return { problems: within('/framing', framing.problems) };
  const compiler = new Compiler(file, framing.framing);
  const program = compiler.program();
  const { problems } = compiler;
  return problems.length === 0 ? { program, file } : { problems };
}

/** Collects every problem of a description, so that one check reports them all. */
class Compiler {
  readonly problems: Problem[] = [];
  readonly #file: ProtocolFile;
  readonly #framing: ProgramFraming;

  constructor(file: ProtocolFile, framing: ProgramFraming) {
    this.#file = file;
    this.#framing = framing;
  }

  program(): Program {
    const file = this.#file;
    const stepsOf = (name: 'login' | 'logout') =>
      (file[name] ?? []).map((step, index) => this.#step(step, pointerTo(name, index)));
    const login = stepsOf('login');
    const requests = this.#requests();
    const logout = stepsOf('logout');
    const patterns = (name: 'ignore' | 'errors', kind: 'push' | 'error') =>
      (file[name] ?? []).map((text, index) =>
        this.#expected(text, pointerTo(name, index), { kind }),
      );
    const ignore = patterns('ignore', 'push');
    const errors = patterns('errors', 'error');
    const steps = [...login, ...requests, ...logout];
    const incoming = [...steps.flatMap(({ expect }) => expect), ...ignore, ...errors];
    const longest = (messages: readonly Pattern[]) =>
      Math.max(0, ...messages.map((items) => longestBytes(items, this.#framing)));
    return {
      name: file.name,
      framing: this.#framing,
      match: file.match,
      maxMessageBytes: file.maxMessageBytes,
      firstSequence: file.firstSequence,
      ...{ login, requests, logout, ignore, errors },
      longestSentBytes: longest(steps.map(({ send }) => send ?? [])),
      longestReceivedBytes: Math.min(
        file.maxMessageBytes,
        longest(incoming.map(({ items }) => items)),
      ),
    };
  }

  #refuse(pointer: string, detail: string): void {
    this.problems.push({ pointer, detail });
  }

  #template(text: string, pointer: string, use: TemplateUse): Pattern {
    const { maxMessageBytes } = this.#file;
    const context = { framing: this.#framing, maxMessageBytes, use };
    const compiled: CompiledTemplate = compileTemplate(text, context);
    const problem =
      'problem' in compiled
        ? compiled.problem
        : use.kind === 'send'
          ? sendProblem(compiled.items, context)
          : wholeProblem(compiled.items, context);
    if (problem === null) return 'items' in compiled ? compiled.items : [];
    this.#refuse(pointer, `at character ${problem.at + 1}: ${problem.detail}`);
    return [];
  }

  #step(step: ProtocolStep, pointer: string): ProgramStep {
    if (step.send === undefined && step.expect === undefined) {
      this.#refuse(pointer, 'needs "send", "expect" or both');
    }
    const { send, request } =
      step.send === undefined ? { send: null, request: null } : this.#send(step.send, pointer);
    const expect = this.#answer(step.expect ?? [], `${pointer}/expect`, request, false);
    return { send, expect, delayMs: step.delayMs ?? 0 };
  }

  /** `request`: what its answers are held against. */
  #send(text: string, pointer: string): { send: Pattern; request: Pattern | 'unknown' } {
    const before = this.problems.length;
    const send = this.#template(text, `${pointer}/send`, { kind: 'send' });
    return { send, request: this.problems.length === before ? send : 'unknown' };
  }

  #answer(
    expect: string | string[],
    pointer: string,
    request: Pattern | 'unknown' | null,
    byMatch: boolean,
  ): Expected[] {
    const use = { kind: 'expect', request } as const;
    if (typeof expect === 'string') return [this.#expected(expect, pointer, use, byMatch)];
    if (byMatch && this.#file.match !== 'order' && expect.length > 1) {
      const detail = `has ${expect.length} messages, which needs match: order; it is "${this.#file.match}"`;
      this.#refuse(pointer, detail);
    }
    return expect.map((text, index) =>
      this.#expected(text, pointer + pointerTo(index), use, byMatch),
    );
  }

  #expected(text: string, pointer: string, use: TemplateUse, byMatch = false): Expected {
    const items = this.#template(text, pointer, use);
    const { match } = this.#file;
    if (match === 'order' || items.length === 0) return { items, matchField: null };
    const field = matchFieldOf(items, match, this.#framing);
    if (byMatch && field === null) {
      const detail = `needs {${match}:FORMAT} of a fixed size at a fixed place, because match is "${match}"`;
      this.#refuse(pointer, detail);
    }
    return { items, matchField: field };
  }

  #requests(): ProgramRequest[] {
    const { requests } = this.#file;
    this.#checkNames();
    const shares = this.#shares();
    let sum = 0;
    return requests.map((request, index) => {
      const pointer = pointerTo('requests', index);
      sum += shares[index] ?? 0;
      const isLast = index === requests.length - 1;
      const { send, request: held } = this.#send(request.send, pointer);
      const expect = this.#answer(request.expect, `${pointer}/expect`, held, true);
      this.#checkNamed(send, expect, pointer);
      const below = isLast ? TWO_TO_32 : Math.min(TWO_TO_32, Math.round(sum * TWO_TO_32));
      const { name, delayMs = 0 } = request;
      return { name, below, send, expect, delayMs };
    });
  }

  /** An answer names the request by a number that the request has in the same form. */
  #checkNamed(send: Pattern, [first]: Expected[], pointer: string): void {
    const { match } = this.#file;
    if (first?.matchField == null || send.length === 0 || match === 'order') return;
    const { format } = first.matchField;
    const isSent = send.some(
      (item) =>
        item.op === 'number' &&
        item.of === match &&
        distinctNumbers(item.format) === distinctNumbers(format),
    );
    if (isSent) return;
    this.#refuse(`${pointer}/send`, `needs {${match}:…} with the format that the answer has`);
  }

  #checkNames(): void {
    const names = this.#file.requests.map(({ name }) => name);
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue;
      this.#refuse(pointerTo('requests', index, 'name'), `"${name}" is there twice`);
    }
  }

  #shares(): number[] {
    const { requests } = this.#file;
    const given = requests.flatMap(({ share }) => share ?? []);
    if (given.length === 0) return requests.map(() => 1 / requests.length);
    const sum = given.reduce((total, share) => total + share, 0);
    if (given.length < requests.length) {
      const index = requests.findIndex(({ share }) => share === undefined);
      this.#refuse(pointerTo('requests', index, 'share'), 'is required, because others have one');
    } else if (Math.abs(sum - 1) > SHARE_TOLERANCE) {
      const detail = `the shares must add up to 1; they add up to ${Number(sum.toPrecision(6))}`;
      this.#refuse('/requests', detail);
    }
    return requests.map(({ share }) => share ?? 0);
  }
}

/** null: the number is not there, or not where it can be read before the message is understood. */
function matchFieldOf(
  items: Pattern,
  match: 'sequence' | 'identifier',
  framing: ProgramFraming,
): MatchField | null {
  const index = items.findIndex((item) => item.op === 'number' && item.of === match);
  const item = items[index];
  if (item?.op !== 'number') return null;
  const offset = fixedBytes(items.slice(0, index), framing);
  const hasSize = fixedBytes([item], framing) !== null;
  return offset === null || !hasSize ? null : { of: match, offset, format: item.format };
}
