/** A CRC in the terms of the catalogue of parametrised CRC algorithms. */
interface Crc {
  width: 8 | 16 | 32;
  polynomial: number;
  initial: number;
  /** Bits go in and come out with the lowest first. */
  reflected: boolean;
  xorOut: number;
}

const ALL = 0xffff_ffff;

const CRCS = {
  crc8: { width: 8, polynomial: 0x07, initial: 0, reflected: false, xorOut: 0 },
  'crc16-arc': { width: 16, polynomial: 0x8005, initial: 0, reflected: true, xorOut: 0 },
  'crc16-modbus': { width: 16, polynomial: 0x8005, initial: 0xffff, reflected: true, xorOut: 0 },
  'crc16-xmodem': { width: 16, polynomial: 0x1021, initial: 0, reflected: false, xorOut: 0 },
  'crc16-ccitt-false': {
    ...{ width: 16, polynomial: 0x1021, initial: 0xffff, reflected: false, xorOut: 0 },
  },
  crc32: { width: 32, polynomial: 0x04c1_1db7, initial: ALL, reflected: true, xorOut: ALL },
  crc32c: { width: 32, polynomial: 0x1edc_6f41, initial: ALL, reflected: true, xorOut: ALL },
} as const satisfies Record<string, Crc>;

type Bytes = Uint8Array;

const sum = (bytes: Bytes) => bytes.reduce((total, byte) => (total + byte) >>> 0, 0);

/** Two running sums, of which the second sums the first. */
function runningSums(bytes: Bytes, initial: number, modulus: number): [number, number] {
  let [first, second] = [initial, 0];
  for (const byte of bytes) {
    first = (first + byte) % modulus;
    second = (second + first) % modulus;
  }
  return [first, second];
}

function adler32(bytes: Bytes): number {
  const [first, second] = runningSums(bytes, 1, 65_521);
  return ((second << 16) | first) >>> 0;
}

function fletcher16(bytes: Bytes): number {
  const [first, second] = runningSums(bytes, 0, 255);
  return (second << 8) | first;
}

const OTHERS = {
  adler32: { width: 32, of: adler32 },
  fletcher16: { width: 16, of: fletcher16 },
  sum8: { width: 8, of: (bytes: Bytes) => sum(bytes) & 0xff },
  sum16: { width: 16, of: (bytes: Bytes) => sum(bytes) & 0xffff },
  sum32: { width: 32, of: sum },
  xor8: { width: 8, of: (bytes: Bytes) => bytes.reduce((all, byte) => all ^ byte, 0) },
} as const;

export type ChecksumName = keyof typeof CRCS | keyof typeof OTHERS;
export const CHECKSUMS = [...Object.keys(CRCS), ...Object.keys(OTHERS)] as ChecksumName[];

export function isChecksum(name: string): name is ChecksumName {
  return (CHECKSUMS as string[]).includes(name);
}

/** Bits that the checksum has. */
export function checksumBits(name: ChecksumName): number {
  return name in CRCS
    ? CRCS[name as keyof typeof CRCS].width
    : OTHERS[name as keyof typeof OTHERS].width;
}

export function checksum(name: ChecksumName, bytes: Bytes): number {
  if (name in CRCS) return crc(CRCS[name as keyof typeof CRCS], bytes);
  return OTHERS[name as keyof typeof OTHERS].of(bytes);
}

function crc({ width, polynomial, initial, reflected, xorOut }: Crc, bytes: Bytes): number {
  // Those that are not reflected are in the upper bits of the register.
  const shift = 32 - width;
  const taps = reflected ? reversed(polynomial, width) : polynomial << shift;
  let register = reflected ? initial : initial << shift;
  for (const byte of bytes) {
    register ^= reflected ? byte : byte << 24;
    for (let bit = 0; bit < 8; bit++) {
      const carry = reflected ? register & 1 : register & 0x8000_0000;
      register = reflected ? register >>> 1 : register << 1;
      if (carry !== 0) register ^= taps;
    }
  }
  return ((reflected ? register : register >>> shift) ^ xorOut) >>> 0;
}

function reversed(bits: number, width: number): number {
  let result = 0;
  for (let bit = 0; bit < width; bit++) result = (result << 1) | ((bits >>> bit) & 1);
  return result >>> 0;
}
