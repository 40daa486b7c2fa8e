import {
  type AgentProbeAnswer,
  type AgentProbes,
  findProbe,
  PROBES,
  type ProbeOutcome,
  probeAnswer,
} from '@oversoak/contracts';

const platform = { system: 'wine', label: 'Wine 8.0 on Linux' } as const;

/** An answer as an agent gives it; every figure of the probe is `value`. */
export function madeAnswer(
  name: string,
  outcome: ProbeOutcome = 'holds',
  { note = '', value = 1 as number | null, agentId = 'agent-a' } = {},
): AgentProbeAnswer {
  const probe = findProbe(name);
  if (probe === undefined) throw new Error(`no probe "${name}"`);
  const rows = probe.rows ?? [undefined];
  const figures = rows.flatMap((row) =>
    probe.figures.map((figure) => ({
      ...(row === undefined ? {} : { row }),
      name: figure.name,
      value,
    })),
  );
  const answer = probeAnswer(probe, { outcome, note, elapsedMs: 12, figures });
  return { ...answer, agentId, atMs: Date.parse('2026-11-24T18:00:00Z'), platform };
}

export function madeProbes(changes: Partial<AgentProbes> = {}): AgentProbes {
  return {
    ...{ agentId: 'agent-a', live: true, platform, requested: [], waiting: null },
    answers: PROBES.map(({ name }) => madeAnswer(name)),
    ...changes,
  };
}
