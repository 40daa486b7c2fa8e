import type { ProtocolFile } from '@oversoak/contracts/protocol/protocol-file';
import { fits, type TryOptions, type TryTarget, trySession } from './try-session.ts';
import { type Variant, variantsOf } from './variants.ts';

/** Sessions that are open at a time. */
const AT_ONCE = 8;

/** Groups that would use up their time come to about the time of all: a description has so many. */
const GROUPS = 4;

/** What trying the usual mistakes showed. */
export interface Diagnosis {
  /** What would have to be changed; empty: none of those tried fits. */
  changes: string[];
  /** Mistakes that could not be tried to the end in time. */
  untried: number;
}

/** How long all mistakes together may be tried: those of a silent server wait for their timeouts. */
export const togetherMs = (timeoutMs: number) => Math.max(60_000, 10 * timeoutMs);

/**
 * Tries descriptions that differ in one point from one that does not fit, some at a time, until one
 * of them fits or the time is over. Each has a session number of its own. `answersUnsent`: what came
 * is an answer to no message that was sent; a description that let it pass would hide that.
 */
export async function diagnose(
  file: ProtocolFile,
  answersUnsent: boolean,
  target: TryTarget,
  options: TryOptions,
  withinMs = togetherMs(options.timeoutMs),
): Promise<Diagnosis> {
  const variants = variantsOf(file, answersUnsent);
  const over = AbortSignal.timeout(withinMs);
  let untried = 0;
  for (let from = 0; from < variants.length; from += AT_ONCE) {
    const group = variants.slice(from, from + AT_ONCE);
    const limits = [over, AbortSignal.timeout(withinMs / GROUPS)];
    const results = await Promise.all(
      group.map((variant, index) =>
        tried(variant, target, { ...options, session: options.session + 1 + from + index }, limits),
      ),
    );
    const changes = group.flatMap(({ change }, index) => (results[index] === 'fits' ? change : []));
    if (changes.length > 0) return { changes, untried };
    untried += results.filter((result) => result === 'untried').length;
  }
  return { changes: [], untried };
}

/** Untried: a limit ended it. */
async function tried(
  { program }: Variant,
  target: TryTarget,
  options: TryOptions,
  limits: readonly AbortSignal[],
): Promise<'fits' | 'differs' | 'untried'> {
  const limited = { ...options, signal: AbortSignal.any([options.signal, ...limits]) };
  try {
    limited.signal.throwIfAborted();
    return fits(await trySession(program, target, limited, () => undefined)) ? 'fits' : 'differs';
  } catch (error) {
    options.signal.throwIfAborted();
    if (limits.some(({ aborted }) => aborted)) return 'untried';
    throw error;
  }
}
