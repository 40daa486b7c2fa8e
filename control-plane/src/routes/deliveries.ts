import { BOUNDS } from '@oversoak/contracts';

const { perAgent, ofAll } = BOUNDS.telemetry;

/** The deliveries of telemetry that are under way: each is in memory as a whole. */
export class Deliveries {
  readonly #ofAgents = new Map<string, number>();
  #total = 0;

  /** false: there are as many as may be. */
  begin(agentId: string): boolean {
    const own = this.#ofAgents.get(agentId) ?? 0;
    if (own >= perAgent || this.#total >= ofAll) return false;
    this.#ofAgents.set(agentId, own + 1);
    this.#total += 1;
    return true;
  }

  end(agentId: string): void {
    const own = this.#ofAgents.get(agentId) ?? 0;
    if (own > 1) this.#ofAgents.set(agentId, own - 1);
    else this.#ofAgents.delete(agentId);
    this.#total -= 1;
  }
}
