/** Targets that an agent allows by default: its own machine. */
export const DEFAULT_TARGETS: readonly string[] = ['127.0.0.0/8', '::1'];

/** Servers of other agents that a fleet loads by default: loopback and private networks. */
export const DEFAULT_PEERS: readonly string[] = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1',
  'fc00::/7',
];
