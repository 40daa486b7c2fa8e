/** Something that must not go on while Redis refuses writes: it would only fail in a loop. */
export interface Pausable {
  pause(): void;
  resume(): void;
}
