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

const INTRO = `# The lecture's claims, tested

oversoak grew from a lecture on overlapped IO, which ends with a warning: much of what is taught about it is wrong. So each claim has an experiment here, a probe: it does on a machine what the claim is about, and returns an outcome and figures. Line numbers refer to the notes of the lecture, which was held in Korean; its statements are paraphrased in English.

| outcome | meaning |
| --- | --- |
| holds | everything that the claim states was observed |
| does not hold | something was observed that contradicts the claim; the note says what was expected |
| unsupported | the platform has nothing to test it on |
| inconclusive | the probe could not finish, or not in time |

In the figures, us means microseconds. Errors, return values and statuses are Windows' own codes; an error of 0 means success. – means that the platform does not report the figure, or that the probe did not get that far.

Each probe is itself tested: if the opposite of its claim is planted, it must report that the claim does not hold.

\`npm run claims\` runs all of them on a separate agent and writes this page. The texts are in \`contracts/src/probes/\`, the figures of each platform in [claims.json](claims.json). \`npm run probe\` shows the answers in the terminal, and \`oversoak probe\` those of a cluster's agents.`;

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
    'Most of the lecture holds, as the rest of this page shows.',
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
      ? 'The lecture does not mention it.'
      : `**The lecture**, ${linesText(lecture.lines)}: ${lecture.says}`;
  const rests =
    notifiers.length === 0 ? [] : [`If it fails, an agent does not offer ${notifiers.join(', ')}.`];
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
