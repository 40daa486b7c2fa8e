import {
  linesText,
  markdownTable,
  PROBE_OUTCOMES,
  PROBES,
  type Probe,
  type ProbeAnswer,
  type ProbeOutcome,
} from '@oversoak/contracts';
import { figureText } from '../view/probe-figures.ts';
import { answersOf, type ClaimFigures } from './claim-figures.ts';

/** Markers around what a run measures. The rest of the page does not depend on the figures. */
const STAMPED = ['<!-- seen -->', '<!-- /seen -->'] as const;

const INTRO = `# Testing the lecture's claims

oversoak grew out of a lecture on overlapped IO that ends with a warning: much of what is taught about overlapped IO is wrong. Each claim of the lecture is therefore an experiment, called a probe. A probe performs on a machine what the claim describes, and reports an outcome with figures. Line numbers refer to the lecture notes. The lecture was given in Korean and is paraphrased here in English.

| outcome | meaning |
| --- | --- |
| holds | everything that the claim states was observed |
| does not hold | something was observed that contradicts the claim; the note states what was expected |
| unsupported | the platform lacks what the probe needs |
| inconclusive | the probe could not finish, or not in time |

In the figures, us means microseconds. Errors, answers and statuses are Windows codes; error 0 is success. A – marks a value that the platform does not report or that the probe did not reach.

Each probe has a test of its own: when the opposite of its claim is simulated, the probe must report that the claim does not hold.

\`npm run claims\` runs all probes on a private agent and generates this page. Its texts come from \`contracts/src/probes/\`, the figures of each platform from [claims.json](claims.json). \`npm run probe\` shows the answers in the terminal; \`npx oversoak probe\` shows those of a cluster's agents.`;

/** docs/claims.md: the catalogue's texts with the figures of each platform. */
export function claimsPage(all: readonly ClaimFigures[]): string {
  const seen = all.map((figures) => ({ figures, answers: answersOf(figures) }));
  const answersTo = ({ name }: Probe): Seen[] =>
    seen.flatMap(({ figures, answers }) => {
      const answer = answers.find((each) => each.name === name);
      return answer === undefined ? [] : [{ figures, answer }];
    });
  const families = Map.groupBy(PROBES, ({ family }) => family);
  return [
    INTRO,
    stamped(seen.map(({ figures, answers }) => stampText(figures, answers))),
    '## Where the lecture is not quite right',
    'Most claims of the lecture hold, as the rest of this page shows.',
    ...PROBES.filter(({ correction }) => correction !== undefined).map((probe) =>
      correctionText(probe, answersTo(probe)),
    ),
    '## All claims',
    stamped([overview(answersTo)]),
    ...[...families].flatMap(([family, probes]) => [
      `## ${capital(family).replace(/\bio$/, 'IO')}`,
      ...probes.map((probe) => probeText(probe, answersTo(probe))),
    ]),
  ]
    .join('\n\n')
    .concat('\n');
}

interface Seen {
  figures: ClaimFigures;
  answer: ProbeAnswer;
}

const WORDS: Record<ProbeOutcome, string> = {
  holds: 'holds',
  'does-not-hold': '**does not hold**',
  unsupported: 'unsupported',
  inconclusive: 'inconclusive',
};

function stamped(blocks: readonly string[]): string {
  return [STAMPED[0], ...blocks, STAMPED[1]].join('\n\n');
}

function stampText(figures: ClaimFigures, answers: readonly ProbeAnswer[]): string {
  const { platform, date, cores, addonVersion, tookSeconds } = figures;
  const counts = PROBE_OUTCOMES.map((outcome) => {
    const { length } = answers.filter((answer) => answer.outcome === outcome);
    return `${WORDS[outcome]} ${length}`;
  });
  return [
    `**Seen on ${date}: ${platform.label}** (${cores} cores, addon ${addonVersion}; `,
    `all ${answers.length} probes in ${tookSeconds.toFixed(1)} s): ${counts.join(', ')}.`,
  ].join('');
}

function correctionText(probe: Probe, seen: readonly Seen[]): string {
  const { name, lecture, correction = '' } = probe;
  return [
    `- **${lecture === null ? '' : capital(linesText(lecture.lines))}.** ${lecture?.says ?? ''}`,
    `  *${correction}*`,
    `  Shown by [\`${name}\`](#${name}).`,
    `  ${STAMPED[0]}`,
    ...seen.map(({ figures, answer }) => `  ${systemText(figures)}: ${inALine(answer)}.`),
    `  ${STAMPED[1]}`,
  ].join('\n\n');
}

const systemText = ({ platform }: ClaimFigures) =>
  platform.system === 'wine' ? 'Under Wine' : 'On Windows';

/** `callUs 12.3 us, callError 997`; each row of a table. */
function inALine({ evidence }: ProbeAnswer): string {
  return evidence
    .map(({ row, name, ...figure }) => {
      const of = row === null ? '' : `${row}: `;
      return `${of}\`${name}\` ${figureText(figure)}`;
    })
    .join(', ');
}

function overview(answersTo: (probe: Probe) => Seen[]): string {
  return markdownTable(
    ['claim', 'lecture', 'outcome', 'notifiers that depend on it'],
    PROBES.map((probe) => [
      `[${probe.claim}](#${probe.name})`,
      probe.lecture === null ? '–' : linesText(probe.lecture.lines),
      answersTo(probe)
        .map(({ figures, answer }) => `${WORDS[answer.outcome]} (${figures.platform.system})`)
        .join(', '),
      probe.notifiers.join(', ') || '–',
    ]),
  );
}

function probeText(probe: Probe, seen: readonly Seen[]): string {
  const { name, claim, lecture, correction, windows, does, notifiers } = probe;
  const says =
    lecture === null
      ? 'The lecture does not cover this.'
      : `**The lecture**, ${linesText(lecture.lines)}: ${lecture.says}`;
  const rests =
    notifiers.length === 0
      ? []
      : [`Where it fails, an agent does not offer ${notifiers.join(', ')}.`];
  return [
    `### ${name}`,
    `**Claim.** ${claim}`,
    says,
    ...(correction === undefined ? [] : [`**Not quite.** ${correction}`]),
    `**Windows documents:** ${windows.says} ([source](${windows.source}))`,
    [`**The probe.** ${does}`, ...rests].join(' '),
    figuresText(probe),
    stamped(seen.map((one) => seenText(probe, one))),
  ].join('\n\n');
}

/** What each figure means, and what each column of a table means. */
function figuresText({ figures }: Probe): string {
  return figures
    .map(({ name, what, mayBeNull }) => {
      const dash = mayBeNull === undefined ? '' : ` (–: ${mayBeNull})`;
      return `- \`${name}\`: ${what}${dash}`;
    })
    .join('\n');
}

function seenText({ rows, figures }: Probe, { figures: run, answer }: Seen): string {
  const { outcome, note, evidence } = answer;
  const head = `${systemText(run)}, ${run.date}: ${WORDS[outcome]}${note === '' ? '.' : `; ${note}.`}`;
  if (evidence.every(({ value }) => value === null)) return head;
  const names = figures.map(({ name }) => `\`${name}\``);
  const valuesOf = (row: string | null) =>
    evidence.filter((figure) => figure.row === row).map(figureText);
  const cells =
    rows === undefined
      ? markdownTable(names, [valuesOf(null)])
      : markdownTable(
          ['', ...names],
          rows.map((row) => [row, ...valuesOf(row)]),
        );
  return `${head}\n\n${cells}`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
