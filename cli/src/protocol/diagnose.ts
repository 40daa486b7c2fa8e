import type { ProtocolFile } from '@oversoak/contracts/protocol/protocol-file';
import { fits, type TryOptions, type TryTarget, trySession } from './try-session.ts';
import { type Variant, variantsOf } from './variants.ts';

/** Sessions that are open at a time. */
const AT_ONCE = 8;

/**
 * Tries descriptions that differ in one point from one that does not fit, some at a time, until one
 * of them fits, and returns what would have to be changed; empty: none fits. Each has a session
 * number of its own.
 */
export async function diagnose(
  file: ProtocolFile,
  target: TryTarget,
  options: TryOptions,
): Promise<string[]> {
  const variants = variantsOf(file);
  for (let from = 0; from < variants.length; from += AT_ONCE) {
    const group = variants.slice(from, from + AT_ONCE);
    const fitting = await Promise.all(
      group.map((variant, index) =>
        isFitting(variant, target, { ...options, session: options.session + 1 + from + index }),
      ),
    );
    const found = group.flatMap(({ change }, index) => (fitting[index] ? [change] : []));
    if (found.length > 0) return found;
  }
  return [];
}

async function isFitting(
  { program }: Variant,
  target: TryTarget,
  options: TryOptions,
): Promise<boolean> {
  return fits(await trySession(program, target, options, () => undefined));
}
