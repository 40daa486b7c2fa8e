import { join } from 'node:path';
import { Command } from 'commander';
import { CERTIFICATE_FOLDER, ensureCertificates, type Held } from '../certs/certificate-folder.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print } from '../shell/terminal.ts';
import { lanAddressOf, STACK_FOLDER, stackHosts, stackSetting } from '../stack/stack.ts';

export function certsCommand(context: Context): Command {
  return new Command('certs').addCommand(
    new Command('renew')
      .description('make a new certificate; the authority stays, so agents go on trusting it')
      .action(async () => {
        const folder = join(STACK_FOLDER, CERTIFICATE_FOLDER);
        const { environment } = context.config;
        const lanAddress = await lanAddressOf(STACK_FOLDER, environment);
        const bind = await stackSetting('OVERSOAK_BIND', STACK_FOLDER, environment);
        const hosts = stackHosts(bind, lanAddress);
        const held = await ensureCertificates(folder, { hosts, nowMs: Date.now(), renew: true });
        print(context.terminal, renewedText(held, folder));
        context.exitCode = EXIT.passed;
      }),
  );
}

function renewedText({ server, authority, made }: Held, folder: string): string {
  return [
    ...made.map((each) => `Made ${each}.`),
    `Valid until ${server.validToDate.toISOString().slice(0, 10)}, for ${server.subjectAltName}.`,
    `Its authority is ${join(folder, 'ca.pem')}, valid until ${authority.validToDate.toISOString().slice(0, 10)}.`,
    'Redis and the API take it when they start: "oversoak down", then "oversoak up".',
  ].join('\n');
}
