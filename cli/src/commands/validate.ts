import { plannedDeliveriesOf, type SoakSpec } from '@oversoak/contracts';
import { validateSchedule } from '@oversoak/control-plane/schedules/validate';
import { cellsOf, expand } from '@oversoak/control-plane/submit/expand';
import { validateSpec } from '@oversoak/control-plane/submit/validate';
import { Command } from 'commander';
import { invalid } from '../api/problem.ts';
import { Outputs, withOutputs } from '../output/outputs.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print } from '../shell/terminal.ts';
import { deliveryLines, planOf, planText } from '../spec/plan.ts';
import { readSpec } from '../spec/read-spec.ts';

export function validateCommand(context: Context): Command {
  return withOutputs(
    new Command('validate').argument(
      '<file>',
      'a soak or a schedule as YAML or JSON; -: from the standard input',
    ),
    ['json'],
  ).action(async (file: string, options: { json?: string }) => {
    const outputs = await Outputs.open(context, options);
    const spec = validSpec(file, await readSpec(file));
    const cells = cellsOf(spec).length;
    const plan = planOf({ spec, runs: expand({ spec }) });
    const lines = [
      `${spec.name}: valid`,
      `${cells === 1 ? '1 cell' : `${cells} cells`}, ${planText(plan)}`,
      ...deliveryLines(spec),
      ...(spec.against === undefined
        ? []
        : [`and the runs of the baseline ${spec.against.baseline}, which the API knows`]),
    ];
    print(outputs.terminal, lines.join('\n'));
    const deliveries = plannedDeliveriesOf(spec);
    const perSecond = deliveries === null ? {} : { deliveriesPerSecond: deliveries.perSecond };
    await outputs.writeJson({ name: spec.name, cells, ...plan, ...perSecond, spec });
    context.exitCode = EXIT.passed;
  });
}

/** By the code that the API runs: the schema, the rules between fields, undecidable thresholds. */
function validSpec(file: string, given: Record<string, unknown>): SoakSpec {
  if ('cron' in given) {
    const checked = validateSchedule(given);
    if ('problems' in checked) throw invalid(file, checked.problems, 'schedule');
    return checked.schedule.spec;
  }
  const checked = validateSpec(given);
  if ('problems' in checked) throw invalid(file, checked.problems);
  return checked.spec;
}
