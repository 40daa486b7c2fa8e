import type { ListedAgent, Soak } from '@oversoak/contracts';
import { platformLabel } from '@oversoak/contracts/cluster/agent';
import { count } from '@oversoak/contracts/results/figure-text';
import { useState } from 'preact/hooks';
import type { Client } from '../api/client.ts';
import { type Holder, holders } from '../models/held-agents.ts';
import { ProblemNote } from '../parts/problem.tsx';
import { Section } from '../parts/section.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { platformClass } from '../parts/verdict.tsx';
import { Identities } from './identities.tsx';
import { useClient, useMay } from './session.ts';

const REFRESH_MS = 5000;

export function AgentsPage() {
  const client = useClient();
  const { value: agents, error, again } = useAnswer(() => client.agents(), [client], REFRESH_MS);
  const { value: held } = useAnswer(
    async () => holders(await running(client)),
    [client],
    REFRESH_MS,
  );
  const mayEnrol = useMay('admin');
  return (
    <>
      <h1>Agents</h1>
      <ProblemNote error={error} />
      {agents?.length === 0 && <p>No agent has registered: no soak can run.</p>}
      {agents?.map((agent) => (
        <AgentBlock
          key={agent.agentId}
          agent={agent}
          held={held?.get(agent.agentId) ?? []}
          again={again}
        />
      ))}
      {mayEnrol && <Identities />}
    </>
  );
}

function stateOf({ live, draining, slots, slotsUsed }: ListedAgent): string {
  if (!live) return 'lost: its lease has lapsed';
  const held = `${count(slotsUsed)} of ${count(slots)} slots held`;
  return draining ? `draining, ${held}` : held;
}

/** The soaks whose runs may hold agents. */
async function running(client: Client): Promise<Soak[]> {
  const soaks = await client.runningSoaks();
  return await Promise.all(soaks.map(({ soakId }) => client.soak(soakId)));
}

interface AgentBlockProps {
  agent: ListedAgent;
  held: readonly Holder[];
  again(): void;
}

function AgentBlock({ agent, held, again }: AgentBlockProps) {
  const client = useClient();
  const mayAct = useMay('operator');
  const [error, setError] = useState<Error | null>(null);
  const { agentId, draining, environment, labels, live } = agent;
  const { capabilities, cpuModel } = environment;
  const act = (work: () => Promise<unknown>) => async () => {
    try {
      await work();
      setError(null);
      again();
    } catch (failed) {
      setError(failed as Error);
    }
  };
  return (
    <Section title={agentId}>
      <p>
        <span class={`badge ${live ? 'passed' : 'failed'}`}>{live ? 'live' : 'lost'}</span>{' '}
        {stateOf(agent)}
      </p>
      {held.length > 0 && (
        <ul>
          {held.map(({ soakId, soakName, runId, text }) => (
            <li key={`${runId} ${text}`}>
              held by <a href={`#/soaks/${soakId}`}>{soakName}</a>: {text}
            </li>
          ))}
        </ul>
      )}
      <p class={platformClass(platformLabel(environment))}>{platformLabel(environment)}</p>
      <p>
        {cpuModel}, {count(capabilities.cores)} cores.
        {Object.entries(labels).map(([name, value]) => ` ${name}=${value}`)}
      </p>
      <ul class="keys">
        {capabilities.notifiers.map(({ name, works, reason }) => (
          <li key={name} title={reason ?? ''}>
            {name}: {works ? 'works' : `does not work${reason === null ? '' : ` (${reason})`}`}
          </li>
        ))}
      </ul>
      {mayAct && (
        <div class="actions">
          <button type="button" onClick={act(() => client.drain(agentId, draining))}>
            {draining ? 'End the drain' : 'Drain'}
          </button>
          <button type="button" onClick={act(() => client.probeAll(agentId))}>
            Run the probes
          </button>
        </div>
      )}
      <ProblemNote error={error} />
      <Probes agentId={agentId} />
    </Section>
  );
}

/** Loaded when it is opened. */
function Probes({ agentId }: { agentId: string }) {
  const client = useClient();
  const [isOpen, setIsOpen] = useState(false);
  const { value, error } = useAnswer(
    async () => (isOpen ? await client.probesOf(agentId) : null),
    [client, agentId, isOpen],
  );
  return (
    <details onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>Probes</summary>
      <ProblemNote error={error} />
      {value?.answers.length === 0 && <p>None has run here.</p>}
      <ul>
        {value?.answers.map(({ name, outcome }) => (
          <li key={name}>
            <span class="name">{name}</span>: {outcome}
          </li>
        ))}
      </ul>
    </details>
  );
}
