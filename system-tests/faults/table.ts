import { CASES, type Case } from './cases.ts';
import { faultNamed } from './faults.ts';

const HEAD = [
  '| what happens | while the run is | what happens to the run |',
  '| --- | --- | --- |',
];

function becomes({ promised, late, long }: Case): string {
  if (late === true) return `${promised.text}; its result arrives later and is stored as \`late\``;
  if (late === 'maybe')
    return `${promised.text}; if its result arrives later, it is stored as \`late\``;
  return long ? `${promised.text}; it is stopped when it is back` : promised.text;
}

const during = ({ at, long }: Case) =>
  long ? `${at}, in a run that lasts longer than the fault` : at;

/** The cases as docs/failures.md shows them: one line for a fault and what is promised. */
export function failureTable(): string {
  const lines = new Map<string, { title: string; ats: string[]; text: string }>();
  for (const each of CASES) {
    const { title } = faultNamed(each.fault);
    const text = becomes(each);
    const line = lines.get(`${title} ${text}`) ?? { title, ats: [], text };
    line.ats.push(during(each));
    lines.set(`${title} ${text}`, line);
  }
  const rows = [...lines.values()].map(
    ({ title, ats, text }) => `| ${title} | ${ats.join(', ')} | ${text} |`,
  );
  return [...HEAD, ...rows].join('\n');
}
