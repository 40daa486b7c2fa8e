import { BlockList, isIP, isIPv4 } from 'node:net';
import { type Static, Type } from 'typebox';
import type { Problem } from '../values/validation.ts';
import { FLEET_PROTOCOLS } from './fleet-protocol.ts';

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
/** A part of a pattern: nothing holds its ends. */
export const IPV4_PATTERN = `${OCTET}(?:\\.${OCTET}){3}`;

/** A DNS name is no longer. */
const MAX_HOST_LENGTH = 253;

/** A server that oversoak did not start. */
export const Target = Type.Object(
  {
    host: Type.String({
      minLength: 1,
      maxLength: MAX_HOST_LENGTH,
      description:
        'IPv4 address, IPv6 address or DNS name; a name is resolved by each agent of the fleet, which must allow all of its addresses and loads the first, IPv4 before IPv6',
    }),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    protocol: Type.Union([...FLEET_PROTOCOLS], {
      description:
        'what the server echoes: oversoak frames, echo8 (2-byte length 8, 8-byte increasing value, little-endian), raw: any bytes; {framed: …}, the description of a protocol of its own, or {plugin: …}, a library that speaks it',
    }),
  },
  {
    additionalProperties: false,
    description:
      'directs the fleet at a server that oversoak did not start; the gang has no server agent',
  },
);
export type Target = Static<typeof Target>;

type Place = Pick<Target, 'host' | 'port'>;

/** Whether the text is an address, which nobody has to resolve. One with a zone is none. */
export function isAddress(host: string): boolean {
  return isIP(host) !== 0 && !host.includes('%');
}

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i;
/** What ends like this is a number to the system's resolver: `10.0.0.256`, `010.1`, `0x7f000001`. */
const NUMBER = /^(?:\d+|0x[0-9a-f]*)$/i;

function isName(host: string): boolean {
  const labels = host.replace(/\.$/, '').split('.');
  return labels.every((label) => LABEL.test(label)) && !NUMBER.test(labels.at(-1) ?? '');
}

/** What the schema alone cannot say. */
export function targetProblems({ host }: Pick<Target, 'host'>): Problem[] {
  if (isAddress(host) || isName(host)) return [];
  const detail = `must be an IPv4 address, an IPv6 address without brackets and zone, or a DNS name; it is "${host}"`;
  return [{ pointer: '/host', detail }];
}

/** `10.0.0.1:80`, `[fd00::1]:80`, `game.example:80` */
export function endpointText({ host, port }: Place): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** With a port an address of IPv6 is in brackets: `[fd00::]/8:80`. */
const V4_ENTRY = /^([\d.]+)(?:\/(\d{1,3}))?(?::(\d{1,5}))?$/;
const V6_ENTRY = /^([\da-f:.]+)(?:\/(\d{1,3}))?$/i;
const V6_ENTRY_IN_BRACKETS = /^\[([\da-f:.]+)\](?:\/(\d{1,3}))?(?::(\d{1,5}))?$/i;
const MAX_PORT = 65_535;
const BITS = { ipv4: 32, ipv6: 128 } as const;

type Family = keyof typeof BITS;

const familyOf = (address: string): Family => (isIPv4(address) ? 'ipv4' : 'ipv6');

interface AllowedTarget {
  address: string;
  bits: number;
  /** Absent: any port. */
  port: number | undefined;
}

/** Parses `address[/bits][:port]`; undefined if the text has another form. */
export function readAllowedTarget(text: string): AllowedTarget | undefined {
  const match = V4_ENTRY.exec(text) ?? V6_ENTRY_IN_BRACKETS.exec(text) ?? V6_ENTRY.exec(text);
  if (match === null) return undefined;
  const [, address = '', bitsText, portText] = match;
  if (!isAddress(address)) return undefined;
  const most = BITS[familyOf(address)];
  const bits = bitsText === undefined ? most : Number(bitsText);
  const port = portText === undefined ? undefined : Number(portText);
  if (bits > most || (port !== undefined && (port < 1 || port > MAX_PORT))) return undefined;
  return { address, bits, port };
}

const allowsPort = (entry: AllowedTarget, port: number) =>
  entry.port === undefined || entry.port === port;

/** Whether an agent with the list `allowed` may load the server at this address with its fleet. */
export function allowsTarget(allowed: readonly string[], { host, port }: Place): boolean {
  return entriesWith(allowed, host).some((entry) => allowsPort(entry, port));
}

/** Whether it may load a server there on some port. */
export function allowsAddress(allowed: readonly string[], host: string): boolean {
  return entriesWith(allowed, host).length > 0;
}

/** The entries of the list that hold the address; none of a name. */
function entriesWith(allowed: readonly string[], host: string): AllowedTarget[] {
  if (!isAddress(host)) return [];
  return entriesOf(allowed).filter(({ address, bits }) => {
    const family = familyOf(address);
    // BlockList takes IPv4 for mapped IPv6: `::/0` would hold all of it.
    if (family === 'ipv6' && isIPv4(host)) return false;
    const range = new BlockList();
    range.addSubnet(address, bits, family);
    return range.check(host, familyOf(host));
  });
}

const entriesOf = (allowed: readonly string[]): AllowedTarget[] =>
  allowed.flatMap((text) => readAllowedTarget(text) ?? []);

/**
 * Whether the list may allow the target. Of a name only its port is known: the agent resolves it
 * and holds its list against each address.
 */
export function mayAllowTarget(allowed: readonly string[], target: Place): boolean {
  if (isAddress(target.host)) return allowsTarget(allowed, target);
  return entriesOf(allowed).some((entry) => allowsPort(entry, target.port));
}
