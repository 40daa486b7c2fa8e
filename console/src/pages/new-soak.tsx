import type { SoakPlan } from '@oversoak/contracts';
import { count } from '@oversoak/contracts/results/figure-text';
import { useEffect, useState } from 'preact/hooks';
import { durationText } from '../models/duration.ts';
import { ProblemNote } from '../parts/problem.tsx';
import { useClient } from './session.ts';

/** The plan is requested after this pause in typing. */
const PAUSE_MS = 400;

interface Checked {
  yaml: string;
  plan: SoakPlan | null;
  error: Error | null;
}

interface NewSoakProps {
  presets: readonly { name: string; yaml: string }[];
}

/** A preset or another text, checked by the API as it is typed. */
export function NewSoakPage({ presets }: NewSoakProps) {
  const client = useClient();
  const [yaml, setYaml] = useState(presets.find(({ name }) => name === 'demo')?.yaml ?? '');
  const [checked, setChecked] = useState<Checked | null>(null);
  const [failed, setFailed] = useState<Error | null>(null);
  const [key, setKey] = useState(() => crypto.randomUUID());

  useEffect(() => {
    let isGone = false;
    const take = (result: Checked) => {
      if (!isGone) setChecked(result);
    };
    const timer = setTimeout(() => {
      client.planYaml(yaml).then(
        (plan) => take({ yaml, plan, error: null }),
        (error: Error) => take({ yaml, plan: null, error }),
      );
    }, PAUSE_MS);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [client, yaml]);

  const edit = (text: string) => {
    setYaml(text);
    setFailed(null);
    // Another text is another request; the same one, sent again, is not.
    setKey(crypto.randomUUID());
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      const { soakId } = await client.submit(yaml, key);
      location.hash = `#/soaks/${soakId}`;
    } catch (error) {
      setFailed(error as Error);
    }
  };
  const isChecked = checked?.yaml === yaml;
  return (
    <>
      <h1>New soak</h1>
      <form onSubmit={submit}>
        <label>
          Preset{' '}
          <select
            onChange={({ currentTarget }) =>
              edit(presets.find(({ name }) => name === currentTarget.value)?.yaml ?? '')
            }
          >
            {presets.map(({ name }) => (
              <option key={name} value={name} selected={name === 'demo'}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label class="text">
          Spec, as YAML or JSON
          <textarea
            rows={24}
            spellcheck={false}
            value={yaml}
            onInput={({ currentTarget }) => edit(currentTarget.value)}
          />
        </label>
        <div aria-live="polite">
          {isChecked && checked.plan !== null && <PlanText plan={checked.plan} />}
          {!isChecked && <p class="note">Checking …</p>}
        </div>
        <ProblemNote error={failed ?? (isChecked ? checked.error : null)} />
        <button type="submit" disabled={!isChecked || checked.plan === null}>
          Start
        </button>
      </form>
    </>
  );
}

function PlanText({ plan }: { plan: SoakPlan }) {
  const { name, cells, repeats, runs, plannedSeconds, deliveriesPerSecond } = plan;
  return (
    <p class="plan">
      <strong>{name}</strong>: {count(cells)} {cells === 1 ? 'cell' : 'cells'} × {count(repeats)} ={' '}
      {count(runs)} runs, planned to take {durationText(plannedSeconds)} one after another.
      {deliveriesPerSecond !== undefined &&
        ` The zones of a run get ${count(deliveriesPerSecond)} deliveries per second.`}
    </p>
  );
}
