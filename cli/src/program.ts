import { Command, CommanderError } from 'commander';
import type { Context } from './shell/context.ts';
import { EXIT, EXIT_CODES, type ExitCode } from './shell/exit-code.ts';
import { failureText } from './shell/failure-text.ts';
import { warn } from './shell/terminal.ts';
import { version } from './shell/version.ts';

interface Listed {
  /** Its line in `oversoak --help`, and the description in its own. */
  summary: string;
  /** Loaded only when the command is called: most of them need most of the product. */
  load(): Promise<(context: Context) => Command>;
}

const COMMANDS: Record<string, Listed> = {
  demo: {
    summary: 'start a cluster, run a soak on it, show the comparison, stop the cluster',
    load: async () => (await import('./commands/demo.ts')).demoCommand,
  },
  start: {
    summary: 'start a cluster (Redis, control plane, agents) that runs until Ctrl-C',
    load: async () => (await import('./commands/start.ts')).startCommand,
  },
  submit: {
    summary: 'submit a soak to a running API',
    load: async () => (await import('./commands/submit.ts')).submitCommand,
  },
  validate: {
    summary: 'check a soak or a schedule without a cluster: its cells, runs and planned duration',
    load: async () => (await import('./commands/validate.ts')).validateCommand,
  },
  protocol: {
    summary: "check the description of a server's own protocol, and try it on the server",
    load: async () => (await import('./commands/protocol.ts')).protocolCommand,
  },
  watch: {
    summary: 'show the progress of a soak and then its comparison; Ctrl-C asks what to do',
    load: async () => (await import('./commands/watch.ts')).watchCommand,
  },
  soaks: {
    summary: 'list the soaks, newest first',
    load: async () => (await import('./commands/soaks.ts')).soaksCommand,
  },
  show: {
    summary: 'show what the verdict of a run rests on, or a soak with its runs',
    load: async () => (await import('./commands/show.ts')).showCommand,
  },
  compare: {
    summary:
      'show the comparison of a soak (exit code 2 if it is not done yet), or compare two: each is ' +
      'SOAK_ID or baseline:NAME, optionally with /CELL_KEY for one cell',
    load: async () => (await import('./commands/compare.ts')).compareCommand,
  },
  report: {
    summary: 'save the results of a soak as one HTML file that needs no network',
    load: async () => (await import('./commands/report.ts')).reportCommand,
  },
  baselines: {
    summary: 'list the baselines: soaks that are pinned for comparisons',
    load: async () => (await import('./commands/baselines.ts')).baselinesCommand,
  },
  trend: {
    summary: 'show whether the soaks of a schedule regressed; exit code 1 if they did',
    load: async () => (await import('./commands/trend.ts')).trendCommand,
  },
  cancel: {
    summary: 'cancel a soak; its gang ends within two seconds',
    load: async () => (await import('./commands/cancel.ts')).cancelCommand,
  },
  rm: {
    summary: 'delete finished soaks with everything that is stored of them',
    load: async () => (await import('./commands/rm.ts')).rmCommand,
  },
  export: {
    summary: 'save a finished soak with all its results as one file',
    load: async () => (await import('./commands/export.ts')).exportCommand,
  },
  import: {
    summary: 'store a soak from a file of "export"; importing it again changes nothing',
    load: async () => (await import('./commands/import.ts')).importCommand,
  },
  schedules: {
    summary: 'show, put, run and delete schedules, which submit soaks by a cron pattern',
    load: async () => (await import('./commands/schedules.ts')).schedulesCommand,
  },
  agents: {
    summary: 'show the registered agents and what they can run',
    load: async () => (await import('./commands/agents.ts')).agentsCommand,
  },
  agent: {
    summary: 'run an agent on this machine, or make it a Windows service',
    load: async () => (await import('./commands/agent.ts')).agentCommand,
  },
  drain: {
    summary: 'let an agent finish its current runs and give it no more',
    load: async () => (await import('./commands/drain.ts')).drainCommand,
  },
  probe: {
    summary: "test the lecture's claims about Winsock on agents; exit code 1 if one does not hold",
    load: async () => (await import('./commands/probe.ts')).probeCommand,
  },
  tokens: {
    summary: 'create, list and revoke API tokens',
    load: async () => (await import('./commands/tokens.ts')).tokensCommand,
  },
  audit: {
    summary: 'show who changed what, from where, and what was refused',
    load: async () => (await import('./commands/audit.ts')).auditCommand,
  },
  up: {
    summary: 'start the whole stack in Docker: Redis, control plane, agents, Grafana, ...',
    load: async () => (await import('./commands/up.ts')).upCommand,
  },
  down: {
    summary: 'stop the stack; its data stays',
    load: async () => (await import('./commands/down.ts')).downCommand,
  },
  certs: {
    summary:
      'renew the certificate with which the stack serves Redis and the API to other machines',
    load: async () => (await import('./commands/certs.ts')).certsCommand,
  },
  logs: {
    summary: 'show the logs of the stack',
    load: async () => (await import('./commands/logs.ts')).logsCommand,
  },
  schema: {
    summary: 'print the JSON Schema of a soak, a schedule or a protocol, for editors',
    load: async () => (await import('./commands/schema.ts')).schemaCommand,
  },
  completion: {
    summary: 'print the completion of this command for bash, zsh, fish or PowerShell',
    load: async () => {
      const { completionCommand } = await import('./commands/completion.ts');
      return (context) => completionCommand(context, () => wholeProgram(context));
    },
  },
};

const EXIT_CODES_HELP = [
  '\nExit codes:',
  ...Object.entries(EXIT_CODES).map(([code, meaning]) => `  ${code}  ${meaning}`),
].join('\n');

/** Runs a command line (without node and script) and returns its exit code. */
export async function runProgram(context: Context, argv: readonly string[]): Promise<ExitCode> {
  try {
    const program = await createProgram(context, argv);
    await program.parseAsync(argv, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    return report(context, error);
  }
}

/** With the called command alone complete. */
export function createProgram(context: Context, argv: readonly string[]): Promise<Command> {
  const called = calledCommand(argv);
  return programWith(context, (name) => name === called);
}

/** With every command complete. */
export function wholeProgram(context: Context): Promise<Command> {
  return programWith(context, () => true);
}

async function programWith(
  context: Context,
  isComplete: (name: string) => boolean,
): Promise<Command> {
  const { out, err } = context.terminal;
  const program = new Command('oversoak')
    .description(
      'Soak tests for Windows network servers: notification models and thread layouts compared',
    )
    .version(version, '-V, --version', 'print the version');
  for (const [name, { summary, load }] of Object.entries(COMMANDS)) {
    // The others are only listed by the help, and proposed for a misspelt name.
    const command = isComplete(name) ? (await load())(context) : new Command(name);
    program.addCommand(command.description(summary));
  }
  program.addHelpText('after', EXIT_CODES_HELP);
  for (const command of withSubcommands(program)) {
    command
      .exitOverride()
      .showHelpAfterError(`("${nameOf(command)} --help")`)
      .configureOutput({
        writeOut: (text) => out.write(text),
        writeErr: (text) => err.write(text),
      });
  }
  return program;
}

/** The name in `oversoak NAME ...` and in `oversoak help NAME`. */
function calledCommand(argv: readonly string[]): string | undefined {
  const [first, second] = argv.filter((text) => !text.startsWith('-'));
  return first === 'help' ? second : first;
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** The full command name, e.g. `oversoak schedules put`. */
function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

function report({ terminal }: Context, error: unknown): ExitCode {
  // Commander has already printed the problem; a help request is not an error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.passed : EXIT.noVerdict;
  warn(terminal, failureText(error));
  return EXIT.noVerdict;
}
