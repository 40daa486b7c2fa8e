import { dominatingStage, type SlowEcho, STAGE_NAMES, type Stage } from '@oversoak/contracts';
import type { Attributes, Telemetry } from '@oversoak/telemetry';

const NS_PER_US = 1e3;
const NS_PER_MS = 1e6;

/** A stage as its span shows it, relative to the echo's intended send time. */
export interface ShownStage {
  name: Stage | 'return';
  startNs: number;
  endNs: number;
}

export function latencyNs({ stagesNs }: SlowEcho): number {
  return STAGE_NAMES.reduce((sum, stage) => sum + stagesNs[stage], 0);
}

/**
 * The stages in sequence, in the order in which an echo passes through them. network+wake is known
 * only for both directions together, so half of it is shown before the server and half after.
 */
export function shownStages({ stagesNs }: SlowEcho): ShownStage[] {
  const halfNs = stagesNs['network+wake'] / 2;
  const lengths: (readonly [ShownStage['name'], number])[] = [
    ['client', stagesNs.client],
    ['network+wake', halfNs],
    ['lock', stagesNs.lock],
    ['queue', stagesNs.queue],
    ['work', stagesNs.work],
    ['send', stagesNs.send],
    // Of messages to a zone only.
    ...(stagesNs['fan-out'] > 0 ? [['fan-out', stagesNs['fan-out']] as const] : []),
    ['return', halfNs],
  ];
  let endNs = 0;
  return lengths.map(([name, lengthNs]) => {
    const startNs = endNs;
    endNs += lengthNs;
    return { name, startNs, endNs };
  });
}

/** The slowest echoes, slowest first. */
export function slowestOf(echoes: readonly SlowEcho[], most: number): SlowEcho[] {
  return echoes.toSorted((a, b) => latencyNs(b) - latencyNs(a)).slice(0, most);
}

/**
 * Creates a separate trace for an echo; `interval` is the trace of the interval in which it
 * arrived.
 */
export function traceSlowEcho(
  telemetry: Telemetry,
  echo: SlowEcho,
  { intendedMs, interval, part }: { intendedMs: number; interval: string; part: Attributes },
): void {
  const atMs = (ns: number) => intendedMs + ns / NS_PER_MS;
  const lengthNs = latencyNs(echo);
  const span = telemetry.begin('echo.slow', { startMs: intendedMs, links: [interval] });
  for (const { name, startNs, endNs } of shownStages(echo)) {
    telemetry
      .begin('echo.stage', {
        startMs: atMs(startNs),
        parent: span.trace,
        title: `echo.stage ${name}`,
      })
      .end({ endMs: atMs(endNs), attributes: { 'oversoak.stage': name } });
  }
  span.end({
    endMs: atMs(lengthNs),
    attributes: {
      ...part,
      'oversoak.echo.session': echo.session,
      'oversoak.echo.sequence': echo.message,
      'oversoak.echo.latency_us': lengthNs / NS_PER_US,
      'oversoak.stage.dominating': dominatingStage(echo.stagesNs),
    },
  });
}
