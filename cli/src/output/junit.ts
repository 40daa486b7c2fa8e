import type { ComparedCell, Comparison, SoakDifference } from '@oversoak/contracts';
import {
  type CellDifference,
  cellsText,
  count,
  differenceText,
  metricTitle,
  milliseconds,
  rate,
  WHOLE_RUNS,
  withUnit,
} from '@oversoak/contracts';
import Builder from 'fast-xml-builder';
import { errorCount } from '../view/cell-text.ts';
import { isUnknown, isWorse } from './regression.ts';

/** `failure`: the server's; `error`: the test was inconclusive. CI systems show both as red. */
interface Problem {
  kind: 'failure' | 'error';
  type: string;
  lines: readonly string[];
}

interface Case {
  name: string;
  seconds?: number;
  problem: Problem | null;
  output: readonly string[];
}

// Keys that begin so are attributes.
const AT = '@';

/** XML 1.0 has no way to write these characters, not even as entities. */
const printable = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those that XML forbids
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');

function suiteText(name: string, cases: readonly Case[]): string {
  const of = (kind: Problem['kind']) =>
    cases.filter(({ problem }) => problem?.kind === kind).length;
  const counts = {
    [`${AT}tests`]: cases.length,
    [`${AT}failures`]: of('failure'),
    [`${AT}errors`]: of('error'),
  };
  const testcase = cases.map(({ name: of, seconds, problem, output }) => ({
    [`${AT}classname`]: printable(name),
    [`${AT}name`]: printable(of),
    ...(seconds === undefined ? {} : { [`${AT}time`]: seconds.toFixed(3) }),
    ...(problem === null ? {} : { [problem.kind]: problemNode(problem) }),
    'system-out': printable(output.join('\n')),
  }));
  const testsuite = { [`${AT}name`]: printable(name), ...counts, testcase };
  const xml = new Builder({ ignoreAttributes: false, attributeNamePrefix: AT, format: true });
  const declaration = { [`${AT}version`]: '1.0', [`${AT}encoding`]: 'UTF-8' };
  return xml.build({ '?xml': declaration, testsuites: { ...counts, testsuite } });
}

function problemNode({ type, lines }: Problem) {
  const [first = type] = lines;
  return {
    [`${AT}type`]: type,
    [`${AT}message`]: printable(first),
    '#text': printable(lines.join('\n')),
  };
}

function problemOf({ verdict, reasons }: ComparedCell): Problem | null {
  if (verdict === 'passed') return null;
  const type = verdict ?? 'not done';
  return { kind: verdict === 'failed' ? 'failure' : 'error', type, lines: reasons };
}

function figureLines(cell: ComparedCell): string[] {
  const { latencyIntended: latency } = cell;
  return [
    `due ${withUnit(rate(cell.offeredRate), '/s')}, achieved ${withUnit(rate(cell.achievedRate), '/s')}`,
    `p50 ${withUnit(milliseconds(latency.p50Us), 'ms')}, p99 ${withUnit(milliseconds(latency.p99Us), 'ms')}, max ${withUnit(milliseconds(latency.maxUs), 'ms')}`,
    `${count(errorCount(cell))} errors in ${count(cell.ledger.echoed)} echoes (${WHOLE_RUNS})`,
    ...cell.platform.map((label) => `Platform: ${label}`),
  ];
}

/** A worse metric fails its case only if a regression was to fail the command. */
function differenceCase(cell: CellDifference, name: string, failing: boolean): Case {
  const lines = (metrics: CellDifference['metrics']) =>
    metrics.map((metric) => `${metricTitle(metric.metric)}: ${differenceText(metric)}`);
  const worse = cell.metrics.filter(isWorse);
  const output = lines(cell.metrics);
  if (!failing) return { name, problem: null, output };
  if (worse.length > 0) {
    return { name, problem: { kind: 'failure', type: 'regression', lines: lines(worse) }, output };
  }
  const problem: Problem = { kind: 'error', type: 'unknown', lines: output };
  return { name, problem: isUnknown(cell) ? problem : null, output };
}

/** A case per cell of the soak, and per cell that is compared with a baseline. */
export function comparisonJunit(comparison: Comparison, failing: boolean): string {
  const { name, cells, against } = comparison;
  return suiteText(name, [
    ...cells.map((cell) => ({
      name: cell.key,
      seconds: cell.measuredSeconds,
      problem: problemOf(cell),
      output: figureLines(cell),
    })),
    ...(against?.cells ?? []).map((cell) =>
      differenceCase(cell, `${cell.right} against ${against?.baseline}`, failing),
    ),
  ]);
}

/** A case per pair of cells; having none is an error if a regression should fail the command. */
export function differenceJunit({ left, right, cells }: SoakDifference, failing: boolean): string {
  const name = `${right.name} against ${left.name}`;
  const none: Case = {
    name: 'cells',
    problem: { kind: 'error', type: 'unknown', lines: ['no cell of one side has its like'] },
    output: [],
  };
  const cases = cells.map((cell) => differenceCase(cell, cellsText(cell), failing));
  return suiteText(name, failing && cases.length === 0 ? [none] : cases);
}
