import type { Log } from '@oversoak/control-plane/model/log';

/** Set by hand while looking for a fault; tests are quiet otherwise. */
const LOUD = false;

const print = (fields: object, message: string) => {
  if (LOUD) console.error(message, fields);
};

export const silentLog: Log = { debug: print, info: print, warn: print, error: print };
