/** `1 byte`, `2 bytes`. */
export function amount(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}
