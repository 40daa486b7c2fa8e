import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';
import { runsProgram } from '../runs-program.ts';
import { protocolFile, tryProtocol } from './files.ts';
import { chat, serve } from './servers.ts';

const oversoak = runsProgram('');
const folder = join(REPOSITORY, 'presets', 'protocols');
const PAGE = readFileSync(join(REPOSITORY, 'docs/reference/protocols.md'), 'utf8');

describe('a protocol of presets/protocols', () => {
  for (const name of readdirSync(folder)) {
    it(`is valid, has the name of its file, and is listed: ${name}`, async () => {
      const { code, out, err } = await oversoak(['protocol', 'check', join(folder, name)]);
      assert.equal(code, 0, err);
      assert.ok(
        out.startsWith(`${name.replace('.yaml', '')}: valid; the longest message has `),
        out,
      );
      assert.ok(
        PAGE.includes(`(../../presets/protocols/${name})`),
        `${name} is not in protocols.md`,
      );
    });
  }

  it('fits an echo: echo8', async (t) => {
    const target = await serve(t, (socket) => socket.pipe(socket));
    const { code, out } = await oversoak([
      'protocol',
      'try',
      join(folder, 'echo8.yaml'),
      '--target',
      target,
      '--over-send',
      '4',
    ]);
    assert.equal(code, 0, out);
    assert.match(out, /0000 {2}08 00 01 00 00 00 00 00 00 00 /);
  });

  it('fits its server, whose pushes it ignores: chat', async (t) => {
    const target = await serve(t, chat());
    const { code, out } = await oversoak([
      'protocol',
      'try',
      join(folder, 'chat.yaml'),
      '--target',
      target,
      '--requests',
      '50',
      '--over-send',
      '3',
    ]);
    assert.equal(code, 0, out);
    assert.match(out, /^← ignored: /m);
    assert.match(out, /\(who\), after/);
  });
});

test('a description in the documentation is valid', async (t) => {
  const page = readFileSync(join(REPOSITORY, 'docs/how-to/own-protocol.md'), 'utf8');
  const [, text = ''] = /^```yml\n(.*?)^```$/ms.exec(page) ?? [];
  const { code, out } = await oversoak(['protocol', 'check', await protocolFile(t, text)]);
  assert.equal(code, 0, out);
});

test('check shows the first bytes of each message', async (t) => {
  const path = await protocolFile(t, {
    ...{ name: 'p', framing: { by: 'length', bytes: 1 }, firstSequence: 3 },
    login: [{ send: '{length}hi', expect: '{length}' }],
    requests: [{ name: 'a', send: '{length}{sequence:u16be}', expect: '{length}' }],
  });
  const { out } = await oversoak(['protocol', 'check', path]);
  assert.equal(
    out,
    [
      'p: valid; the longest message has 3 bytes',
      '→ login 1: 3 bytes',
      `    0000  02 68 69${' '.repeat(39)}  .hi`,
      '    byte 0          {length} = 02',
      '→ request a: 3 bytes',
      `    0000  02 00 04${' '.repeat(39)}  ...`,
      '    byte 0          {length} = 02',
      '    bytes 1 to 2    {sequence:u16be} = 4',
      '',
    ].join('\n'),
  );
});

test('one byte is one', async (t) => {
  const path = await protocolFile(t, {
    ...{ name: 'p', framing: { by: 'template' } },
    requests: [{ name: 'a', send: 'x', expect: 'y' }],
  });
  const { out } = await oversoak(['protocol', 'check', path]);
  assert.match(out, /^p: valid; the longest message has 1 byte\n/);
  const target = await serve(t, (socket) => socket.on('data', () => socket.write('y')));
  const tried = await oversoak(['protocol', 'try', path, '--target', target, '--requests', '1']);
  assert.match(tried.out, /^fits: 1 answer as expected$/m);
});

test('a wrong file is refused with the line, the field and the place in the template', async (t) => {
  const path = await protocolFile(
    t,
    [
      'name: p',
      'framing: { by: delimiter, delimiter: x }',
      'requests:',
      '  - name: a',
      "    send: 'get {what}'",
      '    expect: ok',
      'ignored: []',
    ].join('\n'),
  );
  const { code, err } = await oversoak(['protocol', 'check', path]);
  assert.equal(code, 2);
  assert.match(
    err,
    /is not a valid protocol:\n {2}\/ignored: line 7: unknown property "ignored"; valid: name/,
  );
  const without = readFileSync(path, 'utf8').replace('ignored: []', '');
  const again = await oversoak(['protocol', 'check', await protocolFile(t, without)]);
  assert.match(
    again.err,
    /\/requests\/0\/send: line 5: at character 5: unknown placeholder "what"; valid: sequence/,
  );
});

test('a file that is no mapping, and a target that is none, are refused', async (t) => {
  const list = await oversoak(['protocol', 'check', await protocolFile(t, '- a\n')]);
  assert.match(
    list.err,
    /is not a protocol: expected a mapping with "name", "framing", "requests"/,
  );
  const given = {
    name: 'p',
    framing: { by: 'template' },
    requests: [{ name: 'a', send: 'x', expect: 'y' }],
  };
  for (const target of ['localhost', 'a:b', '127.0.0.1:0', '127.0.0.1:70000', ':80']) {
    const { code, err } = await tryProtocol(t, given, target);
    assert.equal(code, 2);
    assert.match(err, /expected host:port, for example/);
  }
});
