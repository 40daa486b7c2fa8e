import { BlockList } from 'node:net';
import { type Static, Type } from 'typebox';
import { PROTOCOLS } from './matrix.ts';

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
/** A part of a pattern: nothing holds its ends. */
export const IPV4_PATTERN = `${OCTET}(?:\\.${OCTET}){3}`;

/** A server that oversoak did not start. */
export const Target = Type.Object(
  {
    host: Type.String({ pattern: `^${IPV4_PATTERN}$`, description: 'IPv4 address' }),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    protocol: Type.Enum([...PROTOCOLS], {
      description:
        'what the server echoes: oversoak frames, echo8 (2-byte length 8, 8-byte increasing value, little-endian), or raw: any bytes',
    }),
  },
  {
    additionalProperties: false,
    description:
      'directs the fleet at a server that oversoak did not start; the gang has no server agent',
  },
);
export type Target = Static<typeof Target>;

/** Targets that an agent allows by default: its own machine. */
export const DEFAULT_TARGETS: readonly string[] = ['127.0.0.0/8'];

/** Servers of other agents that a fleet loads by default: loopback and private networks. */
export const DEFAULT_PEERS: readonly string[] = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
];

const PATTERN = new RegExp(`^(${IPV4_PATTERN})(?:/(3[0-2]|[12]?\\d))?(?::(\\d{1,5}))?$`);
const MAX_PORT = 65_535;

interface AllowedTarget {
  address: string;
  bits: number;
  /** Absent: any port. */
  port: number | undefined;
}

/** Parses `address[/bits][:port]`; undefined if the text has another form. */
export function readAllowedTarget(text: string): AllowedTarget | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [, address = '', bits = '32', portText] = match;
  const port = portText === undefined ? undefined : Number(portText);
  if (port !== undefined && (port < 1 || port > MAX_PORT)) return undefined;
  return { address, bits: Number(bits), port };
}

/** Whether an agent with the list `allowed` may load the server with its fleet. */
export function allowsTarget(
  allowed: readonly string[],
  { host, port }: Pick<Target, 'host' | 'port'>,
): boolean {
  return allowed.some((text) => {
    const entry = readAllowedTarget(text);
    if (entry === undefined) return false;
    const range = new BlockList();
    range.addSubnet(entry.address, entry.bits);
    return range.check(host) && (entry.port === undefined || entry.port === port);
  });
}
