import { existsSync } from 'node:fs';
import type { SettingNameOf } from '@oversoak/contracts';
import { Command } from 'commander';
import { WindowsService } from '../service/windows-service.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { CannotRun, messageOf } from '../shell/failure.ts';
import { print } from '../shell/terminal.ts';
import { defaultIdentityFile, identityAt, joinCommand } from './join.ts';

const DEFAULT_NAME = 'oversoak-agent';

interface ServiceOptions {
  name: string;
}
type InstallOptions = ServiceOptions & { settings?: string; identity?: string; shawl?: string };
type RunOptions = { settings?: string; identity?: string };

export function agentCommand(context: Context): Command {
  return new Command('agent')
    .addCommand(joinCommand(context))
    .addCommand(runCommand(context))
    .addCommand(serviceCommand(context));
}

function runCommand({ config: { environment } }: Context): Command {
  return new Command('run')
    .description('run an agent on this machine until Ctrl-C; its settings are variables')
    .option('--settings <file>', 'a file of NAME=value lines; a variable of the shell goes before')
    .option(
      '--identity <file>',
      'what "agent join" wrote; default: its default, unless OVERSOAK_REDIS_URL is set',
    )
    .action(async ({ settings, identity }: RunOptions) => {
      if (settings !== undefined) loadSettings(settings);
      const file = identity ?? defaultIdentity(environment);
      if (file !== undefined) {
        identityAt(file);
        environment[IDENTITY] = file;
      }
      // It ends the process itself.
      await import('@oversoak/agent/main');
      await new Promise<never>(() => undefined);
    });
}

const IDENTITY = 'OVERSOAK_IDENTITY_FILE' satisfies SettingNameOf<'agent'>;
const REDIS = 'OVERSOAK_REDIS_URL' satisfies SettingNameOf<'agent'>;

/** Of a machine that joined without naming a file. Who names a Redis means an agent without one. */
function defaultIdentity(environment: NodeJS.ProcessEnv): string | undefined {
  if (environment[IDENTITY] !== undefined || environment[REDIS] !== undefined) return undefined;
  const file = defaultIdentityFile();
  return existsSync(file) ? file : undefined;
}

function loadSettings(file: string): void {
  try {
    process.loadEnvFile(file);
  } catch (error) {
    throw new CannotRun(`cannot read the settings: ${messageOf(error)}`);
  }
}

function serviceCommand(context: Context): Command {
  const { config, terminal } = context;
  const named = (command: Command) =>
    command.option('--name <name>', 'name of the service', DEFAULT_NAME);
  const open = (name: string) => new WindowsService(name, config.environment.ProgramData);
  const install = named(new Command('install'))
    .description('make the agent a Windows service that starts with the machine, and start it')
    .option('--settings <file>', 'a file of NAME=value lines; it is copied')
    .option('--identity <file>', 'what "agent join" wrote; it is copied')
    .option('--shawl <file>', 'the service wrapper Shawl; default: the one of this package')
    .action(({ name, settings, identity, shawl }: InstallOptions) => {
      if (settings === undefined && identity === undefined) {
        throw new CannotRun('the agent needs --identity FILE, or --settings FILE, or both');
      }
      const service = open(name);
      service.install({ settings, identity, shawl });
      print(terminal, `${name} runs as NT SERVICE\\${name}; its log is in ${service.logs}`);
      print(terminal, 'Whether it has registered: oversoak agents');
      context.exitCode = EXIT.passed;
    });
  const remove = named(new Command('remove'))
    .description('stop the agent in an orderly way and remove its service')
    .action(async ({ name }: ServiceOptions) => {
      const service = open(name);
      await service.remove();
      print(terminal, `Removed. Settings, log and undelivered reports stay in ${service.data}`);
      context.exitCode = EXIT.passed;
    });
  const status = named(new Command('status'))
    .description('say whether the service runs; exit code 2 if it does not')
    .action(({ name }: ServiceOptions) => {
      const service = open(name);
      const state = service.state();
      print(terminal, `${name}: ${state}; its log is in ${service.logs}`);
      context.exitCode = state === 'running' ? EXIT.passed : EXIT.noVerdict;
    });
  return new Command('service')
    .description('the agent as a Windows service')
    .addCommand(install)
    .addCommand(remove)
    .addCommand(status);
}
