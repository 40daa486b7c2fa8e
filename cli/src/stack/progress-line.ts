const SHOWN_CHARACTERS = 100;
const CONTAINER =
  /^ ?Container (?:oversoak-)?(\S+?)-\d+ +(Started|Healthy|Recreated|Error|Exited|Stopped)\b/;
const PULL = /^ ?(\S+) (Pulling|Pulled)\b/;
const BUILD = /^#\d+ \[([^\]]+)\] (.+)$/;

/**
 * The part of a `docker compose` output line (plain progress) that is worth showing; null: nothing.
 */
export function progressLine(line: string): string | null {
  const container = line.match(CONTAINER);
  if (container !== null) return `  ${container[1]}: ${container[2]?.toLowerCase()}`;
  const pull = line.match(PULL);
  if (pull !== null) return `  ${pull[1]}: ${pull[2]?.toLowerCase()}`;
  const build = line.match(BUILD);
  // The builder's own steps ([internal] load ...) take no time.
  if (build === null || build[1] === 'internal') return null;
  const text = `  build [${build[1]}] ${build[2]?.replaceAll(/\s+/g, ' ')}`;
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
}

/** Shows each interesting line once; several services wait for the same step. */
export function progressPrinter(show: (line: string) => void): (line: string) => void {
  const shown = new Set<string>();
  return (line) => {
    const text = progressLine(line);
    if (text === null || shown.has(text)) return;
    shown.add(text);
    show(text);
  };
}
