/** A server's event stream whose connection ends after the given text, or breaks there. */
export function eventStream(text: string, breaks = false): ReadableStream<Uint8Array> {
  // Pieces that split lines and characters, as a network does.
  const bytes = new TextEncoder().encode(text);
  const pieceBytes = 7;
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < bytes.length) {
        controller.enqueue(bytes.slice(at, at + pieceBytes));
        at += pieceBytes;
      } else if (breaks) {
        controller.error(new TypeError('terminated'));
      } else {
        controller.close();
      }
    },
  });
}

export function stateEvent(id: string, state: string): string {
  const data = JSON.stringify({ kind: 'state', runId: 'run-1', state, atMs: 0, judgement: null });
  return `id: ${id}\nevent: state\ndata: ${data}\n\n`;
}
