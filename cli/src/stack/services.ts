/** The state of a container as reported by `docker compose ps --all --format json`. */
export interface ServiceState {
  service: string;
  /** running, exited, restarting, created, ... */
  state: string;
  /** healthy, unhealthy, starting; empty without a health check. */
  health: string;
  exitCode: number;
}

/** Compose prints one JSON object per line; before 2.21 it printed one array. */
export function readServices(output: string): ServiceState[] {
  const texts = output.trim().startsWith('[') ? [output] : output.split('\n');
  return texts
    .filter((text) => text.trim() !== '')
    .flatMap((text) => JSON.parse(text) as Record<string, unknown>[])
    .map((container) => ({
      service: String(container.Service),
      state: String(container.State),
      health: String(container.Health ?? ''),
      exitCode: Number(container.ExitCode ?? 0),
    }));
}

export function isReady({ state, health }: ServiceState): boolean {
  return state === 'running' && (health === 'healthy' || health === '');
}

export function stateText({ service, state, health, exitCode }: ServiceState): string {
  if (state === 'exited') return `${service}: ended with exit code ${exitCode}`;
  return `${service}: ${health === '' ? state : `${state}, ${health}`}`;
}

/** Empty when all services are ready. */
export function notReadyLines(states: readonly ServiceState[]): string[] {
  return states
    .filter((state) => !isReady(state))
    .map((state) => `  ${stateText(state)} (oversoak logs ${state.service})`);
}
