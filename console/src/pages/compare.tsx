import { useState } from 'preact/hooks';
import { ProblemNote } from '../parts/problem.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { ComparisonResults } from '../results/comparison-results.tsx';
import { saveFile } from './save-file.ts';
import { useClient } from './session.ts';

interface ComparePageProps {
  left: string;
  right: string;
}

/** Two sides, each a soak, a cell of one, or a baseline. */
export function ComparePage(given: ComparePageProps) {
  const client = useClient();
  const [left, setLeft] = useState(given.left);
  const [right, setRight] = useState(given.right);
  const { value: choices } = useAnswer(async () => {
    const [soaks, baselines] = await Promise.all([client.newestSoaks(), client.baselines()]);
    return [
      ...baselines.map(({ name }) => ({ value: `baseline:${name}`, label: 'baseline' })),
      ...soaks.soaks.map(({ soakId, name }) => ({ value: soakId, label: name })),
    ];
  }, [client]);
  const compare = (event: Event) => {
    event.preventDefault();
    location.hash = `#/compare/${encodeURIComponent(left)}/${encodeURIComponent(right)}`;
  };
  return (
    <>
      <h1>Compare</h1>
      <form class="filters" onSubmit={compare}>
        <datalist id="sides">
          {choices?.map(({ value, label }) => (
            <option key={value} value={value} label={label} />
          ))}
        </datalist>
        <Side label="Left, the reference" value={left} set={setLeft} />
        <Side label="Right" value={right} set={setRight} />
        <button type="submit">Compare</button>
      </form>
      <p class="note">
        A side is a soak's id or <code>baseline:NAME</code>, and with <code>/CELL</code> behind it
        one cell of it.
      </p>
      {given.left !== '' && given.right !== '' && <Compared {...given} />}
    </>
  );
}

interface SideProps {
  label: string;
  value: string;
  set(value: string): void;
}

function Side({ label, value, set }: SideProps) {
  return (
    <label>
      {label}{' '}
      <input
        list="sides"
        required
        size={40}
        value={value}
        onInput={({ currentTarget }) => set(currentTarget.value.trim())}
      />
    </label>
  );
}

function Compared({ left, right }: ComparePageProps) {
  const client = useClient();
  const { value, error } = useAnswer(() => client.difference(left, right), [client, left, right]);
  const [failed, setFailed] = useState<Error | null>(null);
  if (error !== null) return <ProblemNote error={error} />;
  if (value === undefined) return <p>Comparing …</p>;
  const download = async () => {
    try {
      saveFile(await client.differenceFile(left, right), 'comparison.html');
    } catch (problem) {
      setFailed(problem as Error);
    }
  };
  return (
    <>
      <button type="button" onClick={download}>
        Download the comparison
      </button>
      <ProblemNote error={failed} />
      <ComparisonResults difference={value} />
    </>
  );
}
