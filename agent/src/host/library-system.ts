import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { AllowedPlugin } from '@oversoak/contracts';

/** What a library is made for, in the words of Node.js. */
export interface LibrarySystem {
  platform: 'linux' | 'win32';
  /** Undefined: one that is not known here. */
  arch: string | undefined;
}

/** Where the header of a .dll is: a multiple of 8, a few hundred bytes at the most. */
const HEAD_BYTES = 4096;

const ELF = Buffer.from('\x7fELF', 'latin1');
/** In 32 and 64 bits alike. */
const ELF_MACHINE_AT = 18;
const ELF_BIG_ENDIAN_AT = 5;
const ELF_BIG_ENDIAN = 2;
const ELF_MACHINES: Record<number, string> = { 3: 'ia32', 62: 'x64', 183: 'arm64' };

const DOS = Buffer.from('MZ', 'latin1');
const PE_OFFSET_AT = 0x3c;
const PE = Buffer.from('PE\0\0', 'latin1');
const PE_MACHINES: Record<number, string> = { 332: 'ia32', 34404: 'x64', 43620: 'arm64' };

/** Pure: the system of a library that begins with these bytes; undefined if they are of none. */
export function librarySystem(head: Buffer): LibrarySystem | undefined {
  if (head.subarray(0, ELF.length).equals(ELF)) {
    if (head.length < ELF_MACHINE_AT + 2) return undefined;
    const isBig = head[ELF_BIG_ENDIAN_AT] === ELF_BIG_ENDIAN;
    const machine = isBig ? undefined : ELF_MACHINES[head.readUInt16LE(ELF_MACHINE_AT)];
    return { platform: 'linux', arch: machine };
  }
  if (!head.subarray(0, DOS.length).equals(DOS) || head.length < PE_OFFSET_AT + 4) return undefined;
  const at = head.readUInt32LE(PE_OFFSET_AT);
  const machineAt = at + PE.length;
  if (!head.subarray(at, machineAt).equals(PE) || head.length < machineAt + 2) return undefined;
  return { platform: 'win32', arch: PE_MACHINES[head.readUInt16LE(machineAt)] };
}

/** The plug-ins that this system can load, and those that it cannot, with what they are made for. */
export interface SortedPlugins {
  own: AllowedPlugin[];
  foreign: ({ path: string } & LibrarySystem)[];
}

/**
 * Agents of several systems may share a setting, so what is for another system is no error. A file
 * that is of no system, or cannot be read, stays: a run that needs it says best what is wrong.
 */
export function sortedPlugins(
  plugins: readonly AllowedPlugin[],
  { platform, arch }: { platform: string; arch: string },
  readHead: (path: string) => Buffer = headOf,
): SortedPlugins {
  const sorted: SortedPlugins = { own: [], foreign: [] };
  for (const plugin of plugins) {
    const system = systemAt(plugin.path, readHead);
    const isForeign =
      system !== undefined &&
      (system.platform !== platform || (system.arch !== undefined && system.arch !== arch));
    if (!isForeign) sorted.own.push(plugin);
    else sorted.foreign.push({ path: plugin.path, ...system });
  }
  return sorted;
}

function systemAt(path: string, readHead: (path: string) => Buffer): LibrarySystem | undefined {
  try {
    return librarySystem(readHead(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/** The first bytes of a file; none of what is no file, which could block. */
function headOf(path: string): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  if (!statSync(path).isFile()) return head.subarray(0, 0);
  const file = openSync(path, 'r');
  try {
    return head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(file);
  }
}
