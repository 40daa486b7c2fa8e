import { loginMessages, type Program } from '@oversoak/contracts/protocol/program';
import { writeMessage } from '@oversoak/contracts/protocol/write-message';
import { amount } from '@oversoak/contracts/values/amount';
import { Command } from 'commander';
import { readProtocol } from '../protocol/read-protocol.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print } from '../shell/terminal.ts';
import { messageText } from '../view/protocol-text.ts';

export function protocolCheckCommand(context: Context): Command {
  return new Command('check')
    .description('check the description of a protocol, and show what it would send')
    .argument('<file>', 'a protocol as YAML or JSON; -: from the standard input')
    .action(async (file: string) => {
      const { program } = await readProtocol(file);
      print(context.terminal, checkedText(program));
      context.exitCode = EXIT.passed;
    });
}

/** The first message of each kind in session 0. */
function checkedText(program: Program): string {
  const { login, requests, logout, firstSequence } = program;
  const steps = (name: string, list: Program['login']) =>
    list.flatMap(({ send }, index) =>
      send === null ? [] : [{ label: `${name} ${index + 1}`, send }],
    );
  const asked = requests.map(({ name, send }) => ({ label: `request ${name}`, send }));
  const sequence = firstSequence + loginMessages(program);
  const values = { seed: 1, session: 0, sequence, timeUs: 0 };
  const shown = [...steps('login', login), ...asked, ...steps('logout', logout)].map(
    ({ label, send }) => {
      const { bytes, placed } = writeMessage(program, send, values);
      return messageText(`→ ${label}`, bytes, placed);
    },
  );
  const longest = `the longest message has ${amount(program.longestSentBytes, 'byte')}`;
  return [`${program.name}: valid; ${longest}`, ...shown].join('\n');
}
