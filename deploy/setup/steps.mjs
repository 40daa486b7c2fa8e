// The clock and the order of the set-up's steps.

/** Shorter steps are not worth a line. */
const SHOWN_FROM_MS = 1000;

/**
 * Does a step, and says how long it took.
 * @param {(text: string) => void} say
 * @param {string} name
 * @param {() => Promise<void>} work
 */
export async function timed(say, name, work) {
  const began = performance.now();
  await work();
  const tookMs = performance.now() - began;
  if (tookMs >= SHOWN_FROM_MS) say(`${name}: ${(tookMs / 1000).toFixed(1)} s`);
}

/**
 * Does steps that need nothing of one another at the same time. It ends when all have ended, also
 * if one fails: nothing goes on after the set-up, and what the others made is kept for the next.
 * @param {(text: string) => void} say
 * @param {(() => Promise<void>)[]} works
 * @throws what the first that failed threw
 */
export async function together(say, ...works) {
  const failures = [];
  let open = works.length;
  const ended = async (work) => {
    try {
      await work();
      open -= 1;
    } catch (error) {
      open -= 1;
      failures.push(error);
      if (open > 0 && failures.length === 1) say('a step failed; waiting for the others');
    }
  };
  await Promise.all(works.map(ended));
  if (failures.length > 0) throw failures[0];
}
