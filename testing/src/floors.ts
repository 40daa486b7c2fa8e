/**
 * The folders of each package's `src` on their floors, the lowest first. Imports go down only, and
 * not to a neighbour on the same floor. `.` is the root: it wires the rest, and nothing imports it.
 */
export const FLOORS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  contracts: [
    ['values'],
    ['protocol'],
    ['options'],
    ['figures', 'probes'],
    ['spec'],
    ['cluster'],
    ['results', 'settings', 'identity'],
    ['telemetry'],
    ['.', 'docs'],
  ],
  telemetry: [['.']],
  client: [['.']],
  'native-server': [['.']],
  agent: [
    ['identity', 'log', 'wine'],
    ['host', 'reports'],
    ['probes', 'redis'],
    ['telemetry'],
    ['slots'],
    ['.'],
  ],
  'control-plane': [
    ['model'],
    ['judge', 'store', 'queue'],
    ['run', 'enrolment', 'prediction', 'probes', 'retention'],
    ['dispatch'],
    ['submit'],
    ['comparison', 'schedules', 'plugins'],
    ['telemetry', 'transfer'],
    ['routes'],
    ['.'],
  ],
  cli: [
    ['shell'],
    ['certs', 'completion', 'service', 'spec', 'stack'],
    ['api'],
    ['cluster', 'protocol', 'watch', 'service'],
    ['view'],
    ['output'],
    ['commands'],
    ['.', 'claims'],
    ['docs'],
  ],
  console: [['format'], ['models', 'api'], ['charts', 'parts'], ['results'], ['pages'], ['.']],
  bench: [
    ['cluster', 'echo', 'truth'],
    ['echo/linux', 'fleets', 'framed', 'fan-out', 'night', 'telemetry'],
    ['host-memory', 'viewers'],
    ['.'],
  ],
  dashboards: [['query'], ['panels'], ['boards', 'alerts'], ['.']],
  testing: [
    ['waiting', 'redis', 'otlp', 'dry', 'builders', 'api'],
    ['control-plane', 'peers'],
    ['.'],
  ],
  'system-tests': [],
};

/**
 * The folders of the C++ sources, as above, but for `.`: it has what anything may include
 * (`fatal.h`), and stands for the headers that the build takes from the platform's folder
 * (`system_io.h`, `system_locks.h`).
 */
export const NATIVE_FLOORS: readonly (readonly string[])[] = [
  ['.'],
  ['metrics', 'os', 'wire'],
  ['concurrency', 'fleet/framed', 'fleet/plugin', 'io', 'os/linux', 'os/windows'],
  ['fleet/dialect', 'io/linux', 'io/windows'],
  ['game', 'probes'],
  ['layout'],
  ['fleet', 'server'],
  ['addon'],
  ['addon/linux', 'addon/windows'],
];
