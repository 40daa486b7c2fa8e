// Loaded before the program (`--import`) of an agent, its host processes and a control plane: a wall
// clock that jumps and a disk that is full, for neither can be had on a machine without harm to the
// rest of it.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { orders } from './orders.ts';

const wallClock = Date.now;
Date.now = () => wallClock() + orders().clockShiftMs;

const writeFileSync = fs.writeFileSync;
/** As a full disk has it: the name is there, the bytes are not. */
fs.writeFileSync = (file, data, options) => {
  if (!orders().diskFull) return writeFileSync(file, data, options);
  writeFileSync(file, '');
  throw Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
    syscall: 'write',
  });
};
syncBuiltinESMExports();
