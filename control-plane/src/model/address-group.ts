import ipaddr from 'ipaddr.js';

/** Of an address of IPv6: what one machine has at least, and changes as it likes. */
const WORDS_OF_A_NETWORK = 4;

/**
 * Pure: who is counted together. An address of IPv4 is counted alone, also where it is written as
 * IPv6; an IPv6 address with its network of 64 bits.
 */
export function addressGroup(text: string): string {
  if (!ipaddr.isValid(text)) return text;
  const address = ipaddr.process(text);
  if (address instanceof ipaddr.IPv4) return address.toString();
  const network = address.parts.slice(0, WORDS_OF_A_NETWORK).map((word) => word.toString(16));
  return `${network.join(':')}::/64`;
}
