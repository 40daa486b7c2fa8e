import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ENTRY = /^(\d{12})\.json$/;

/** A write-ahead queue on disk: one file per entry, in order, each complete or absent. */
export class Spool {
  readonly #dir: string;
  #nextSequence: number;

  /** Keeps the entries of an earlier process and removes incomplete writes. */
  constructor(dir: string) {
    this.#dir = dir;
    mkdirSync(dir, { recursive: true });
    for (const name of readdirSync(dir)) {
      if (name.endsWith('.part')) rmSync(join(dir, name));
    }
    this.#nextSequence = (this.sequences().at(-1) ?? 0) + 1;
  }

  /** Oldest first. */
  sequences(): number[] {
    return readdirSync(this.#dir)
      .map((name) => Number(ENTRY.exec(name)?.[1]))
      .filter((sequence) => !Number.isNaN(sequence))
      .sort((a, b) => a - b);
  }

  /** @throws the file system's error (disk full, no permission) */
  write(text: string): number {
    const sequence = this.#nextSequence;
    const path = this.#path(sequence);
    writeFileSync(`${path}.part`, text, { flush: true });
    renameSync(`${path}.part`, path);
    this.#nextSequence += 1;
    return sequence;
  }

  read(sequence: number): string {
    return readFileSync(this.#path(sequence), 'utf8');
  }

  remove(sequence: number): void {
    rmSync(this.#path(sequence), { force: true });
  }

  /** Renames an unreadable entry, so that it does not block later ones and can be inspected. */
  markUnreadable(sequence: number): void {
    renameSync(this.#path(sequence), `${this.#path(sequence)}.unreadable`);
  }

  #path(sequence: number): string {
    return join(this.#dir, `${String(sequence).padStart(12, '0')}.json`);
  }
}
