import { InvalidArgumentError } from 'commander';
import type { TryTarget } from './try-session.ts';

const MOST_PORT = 65_535;

/** `host:port`, `[::1]:port` */
export function readTarget(text: string): TryTarget {
  const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(portText);
  if (host !== undefined && port >= 1 && port <= MOST_PORT) return { host, port };
  throw new InvalidArgumentError('expected host:port, for example 127.0.0.1:7777');
}
