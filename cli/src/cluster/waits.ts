import prettyMs from 'pretty-ms';

/** How often a start that goes on says what it waits for. */
const EVERY_MS = 15_000;

/** A part of the cluster that is not ready yet. */
export interface Wait {
  /** `control plane`, `agent-a`, ... */
  name: string;
  /** The file or folder that tells more; null: nothing does. */
  log: string | null;
}

interface Since {
  wait: Wait;
  sinceMs: number;
}

/** What a start waits for, so that on a slow machine nobody takes it for a hang. */
export class Waits {
  readonly #say: (text: string) => void;
  readonly #nowMs: () => number;
  readonly #open = new Set<Since>();
  #timer: NodeJS.Timeout | undefined;

  constructor(say: (text: string) => void, nowMs: () => number = () => performance.now()) {
    this.#say = say;
    this.#nowMs = nowMs;
  }

  /** The wait lasts until the work settles. */
  async during<T>(wait: Wait, work: Promise<T>): Promise<T> {
    const since = { wait, sinceMs: this.#nowMs() };
    this.#open.add(since);
    this.#timer ??= setInterval(
      () => this.#say(waitingText([...this.#open], this.#nowMs())),
      EVERY_MS,
    );
    try {
      return await work;
    } finally {
      this.#open.delete(since);
      if (this.#open.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
    }
  }
}

/** Pure. */
export function waitingText(open: readonly Since[], nowMs: number): string {
  const texts = open.map(({ wait: { name, log }, sinceMs }) => {
    const since = prettyMs(nowMs - sinceMs, { secondsDecimalDigits: 0 });
    return `${name} (since ${since}${log === null ? '' : `; its log: ${log}`})`;
  });
  return `Still waiting for ${texts.join(', ')}`;
}
