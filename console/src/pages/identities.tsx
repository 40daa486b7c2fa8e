import type { Enrolment, JoinToken } from '@oversoak/contracts';
import { joinLink } from '@oversoak/contracts/identity/join-link';
import { DEFAULT_TARGETS } from '@oversoak/contracts/options/default-targets';
import { NONE, utcTime } from '@oversoak/contracts/results/figure-text';
import { labelsText } from '@oversoak/contracts/settings/text-list';
import { useState } from 'preact/hooks';
import { type EnrolmentFields, enrolmentRequest } from '../models/enrolment-form.ts';
import { ProblemNote } from '../parts/problem.tsx';
import { Section } from '../parts/section.tsx';
import { Table } from '../parts/table.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { useClient } from './session.ts';

const EMPTY: EnrolmentFields = {
  agentId: '',
  address: '',
  labels: '',
  targets: DEFAULT_TARGETS.join(','),
};

const FIELDS: readonly { name: keyof EnrolmentFields; label: string; required: boolean }[] = [
  { name: 'agentId', label: 'Id of the agent', required: true },
  { name: 'address', label: 'Address at which fleets reach its servers', required: true },
  { name: 'labels', label: 'Labels: name=value,...', required: false },
  {
    name: 'targets',
    label: 'Servers that its fleets may load: address[/bits][:port],...',
    required: false,
  },
];

/** Enrol, rotate and revoke: `oversoak agents enrol` and so on. */
export function Identities() {
  const client = useClient();
  const { value: enrolments, error, again } = useAnswer(() => client.enrolments(), [client]);
  const [token, setToken] = useState<JoinToken | null>(null);
  const [failed, setFailed] = useState<Error | null>(null);
  const act = async (work: () => Promise<JoinToken | null>) => {
    try {
      setToken(await work());
      setFailed(null);
      again();
    } catch (problem) {
      setFailed(problem as Error);
    }
  };
  const revoke = (agentId: string) => {
    if (!confirm(`Revoke ${agentId}? It loses its connections and its runs.`)) return;
    void act(async () => {
      await client.revokeAgent(agentId);
      return null;
    });
  };
  return (
    <Section
      title="Identities"
      note="An agent that joins gets an identity of its own: a user of Redis that reaches its own keys alone."
    >
      {enrolments?.length === 0 && <p>No agent has joined.</p>}
      {enrolments !== undefined && enrolments.length > 0 && (
        <Table
          caption="Agents that have joined"
          rows={enrolments}
          keyOf={({ agentId }) => agentId}
          columns={[
            { title: 'agent', cell: ({ agentId }: Enrolment) => agentId },
            { title: 'address', cell: ({ address }) => address },
            { title: 'labels', cell: ({ labels }) => labelsText(labels) || NONE },
            { title: 'targets', cell: ({ targets }) => targets.join(', ') || NONE },
            { title: 'joined, UTC', cell: ({ joinedAtMs }) => utcTime(joinedAtMs) },
            {
              title: 'actions',
              cell: ({ agentId }) => (
                <span class="actions">
                  <button type="button" onClick={() => act(() => client.rotateAgent(agentId))}>
                    Rotate <span class="unseen">{agentId}</span>
                  </button>
                  <button type="button" onClick={() => revoke(agentId)}>
                    Revoke <span class="unseen">{agentId}</span>
                  </button>
                </span>
              ),
            },
          ]}
        />
      )}
      <EnrolForm enrol={(fields) => act(() => client.enrolAgent(enrolmentRequest(fields)))} />
      <ProblemNote error={failed ?? error} />
      {token !== null && <JoinCommand token={token} />}
    </Section>
  );
}

function EnrolForm({ enrol }: { enrol(fields: EnrolmentFields): Promise<void> }) {
  const [fields, setFields] = useState(EMPTY);
  const submit = (event: Event) => {
    event.preventDefault();
    void enrol(fields);
  };
  return (
    <form onSubmit={submit}>
      {FIELDS.map(({ name, label, required }) => (
        <label key={name} class="text">
          {label}
          <input
            required={required}
            spellcheck={false}
            value={fields[name]}
            onInput={({ currentTarget }) => setFields({ ...fields, [name]: currentTarget.value })}
          />
        </label>
      ))}
      <button type="submit">Enrol</button>
    </form>
  );
}

/** The only place that shows the token; it is gone when the page is left. */
function JoinCommand({ token }: { token: JoinToken }) {
  const [url, setUrl] = useState(() => new URL('.', document.baseURI).href);
  return (
    <div role="status">
      <label class="text">
        The API as the machine of {token.agentId} reaches it
        <input
          type="url"
          spellcheck={false}
          value={url}
          onInput={({ currentTarget }) => setUrl(currentTarget.value)}
        />
      </label>
      <p>
        On that machine, once, until {utcTime(token.expiresAtMs)} UTC:
        <br />
        <code>oversoak agent join {URL.canParse(url) ? joinLink(url, token) : 'LINK'}</code>
      </p>
    </div>
  );
}
