import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { librarySystem, sortedPlugins } from '../../src/host/library-system.ts';

function elf(machine: number, order: 1 | 2 = 1): Buffer {
  const head = Buffer.alloc(64);
  head.write('\x7fELF', 'latin1');
  head.writeUInt8(order, 5);
  if (order === 1) head.writeUInt16LE(machine, 18);
  else head.writeUInt16BE(machine, 18);
  return head;
}

function pe(machine: number, at = 0x80): Buffer {
  const head = Buffer.alloc(0x100);
  head.write('MZ', 'latin1');
  head.writeUInt32LE(at, 0x3c);
  if (at < 0xf0) head.write('PE\0\0', at, 'latin1');
  if (at < 0xf0) head.writeUInt16LE(machine, at + 4);
  return head;
}

const SO = elf(62);
const DLL = pe(0x8664);

describe('the system of a library', () => {
  it('is read from its first bytes', () => {
    for (const [head, platform, arch] of [
      [SO, 'linux', 'x64'],
      [elf(183), 'linux', 'arm64'],
      [elf(3), 'linux', 'ia32'],
      [elf(243), 'linux', undefined],
      [elf(62, 2), 'linux', undefined],
      [DLL, 'win32', 'x64'],
      [pe(0xaa64, 0xe8), 'win32', 'arm64'],
      [pe(0x14c), 'win32', 'ia32'],
      [pe(0x1c4), 'win32', undefined],
    ] as const) {
      assert.deepEqual(librarySystem(head), { platform, arch });
    }
  });

  it('is unknown of anything else, however short', () => {
    assert.equal(librarySystem(pe(0x8664, 0xffff_ffff)), undefined);
    assert.equal(librarySystem(Buffer.from('#!/bin/sh\n')), undefined);
    for (const [whole, machineEnds] of [
      [SO, 20],
      [DLL, 0x86],
    ] as const) {
      for (let length = 0; length < machineEnds; length += 1) {
        assert.equal(librarySystem(whole.subarray(0, length)), undefined, `${length} bytes`);
      }
      assert.ok(librarySystem(whole.subarray(0, machineEnds)));
    }
  });
});

describe('the plug-ins of an agent', () => {
  it('are those of its system, and those of which nobody can tell', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'oversoak-test-plugins-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const files = {
      ...{ 'x.so': SO, 'arm.so': elf(183), 'riscv.so': elf(243) },
      ...{ 'x.dll': DLL, 'text.so': Buffer.from('text') },
    };
    for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, file), bytes);
    const plugin = (file: string) => ({ path: join(folder, file), file, sha256: 'a'.repeat(64) });
    const plugins = [...Object.keys(files), 'missing.so'].map(plugin);
    const names = (system: { platform: string; arch: string }) => {
      const { own, foreign } = sortedPlugins(
        [...plugins, { ...plugin('folder'), path: folder }],
        system,
      );
      return [
        own.map(({ file }) => file),
        foreign.map(({ platform, arch }) => `${platform} ${arch}`),
      ];
    };
    const unknown = ['text.so', 'missing.so', 'folder'];
    assert.deepEqual(names({ platform: 'linux', arch: 'x64' }), [
      ['x.so', 'riscv.so', ...unknown],
      ['linux arm64', 'win32 x64'],
    ]);
    assert.deepEqual(names({ platform: 'win32', arch: 'x64' }), [
      ['x.dll', ...unknown],
      ['linux x64', 'linux arm64', 'linux undefined'],
    ]);
  });
});
