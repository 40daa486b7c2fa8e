// Every setting of every program, once: what the programs read (read.ts), what the reference says
// (docs/settings-markdown.ts), and what .env.example, compose.yaml and deploy/ are compared with.
import { AGENT_ID_PATTERN, MAX_SLOTS } from '../cluster/agent.ts';
import { LEASE_MS } from '../cluster/keys.ts';
import { MAX_SLOW_ECHOES } from '../figures/stages.ts';
import { DEFAULT_PEERS, DEFAULT_TARGETS } from '../options/default-targets.ts';
import {
  ANY_TEXT,
  ENDPOINT_LIST,
  FLAG,
  HTTP_URL,
  IP_ADDRESS,
  IPV4_ADDRESS,
  KEY_LIST,
  LABELS,
  matching,
  NOT_BLANK,
  oneOf,
  PASSWORD,
  PLUGIN_LIST,
  REDIS_URL,
  SECRET,
  secretOfLength,
  someOf,
  TARGET_LIST,
  TRUE_OR_FALSE,
  wholeNumber,
} from './kinds.ts';
import { setting } from './setting.ts';
import { PLAINTEXT, type Plaintext } from './transport.ts';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const MAX_PORT = 65_535;
const MAX_DAYS = 36_500;
const SECONDS_PER_DAY = 86_400;
/** Numbers of OpenTelemetry, which names no upper bound. */
const COUNT = wholeNumber(1, 999_999_999);

const ofRedisTls = { readBy: ['control-plane', 'agent'], blank: 'unset' } as const;
const ofApiTls = {
  readBy: ['control-plane'],
  blank: 'unset',
  without: 'the API is served over HTTP, on loopback only unless that is allowed',
} as const;
const ofOpenTelemetry = { readBy: ['telemetry'], blank: 'unset' } as const;

export const SETTINGS = {
  OVERSOAK_REDIS_URL: setting(REDIS_URL, {
    readBy: ['control-plane', 'agent'],
    default: 'redis://127.0.0.1:6379',
    description:
      'the Redis (or Valkey) of the cluster, with its password: `rediss://:PASSWORD@HOST:PORT`, or `redis://` without TLS; `USER:PASSWORD` where the user is not `default`. An agent that was enrolled has it in its identity',
  }),
  OVERSOAK_REDIS_CA: setting(NOT_BLANK, {
    ...ofRedisTls,
    without: 'the authorities that Node.js knows',
    description: 'the PEM file of the authority that signed the certificate of Redis',
  }),
  OVERSOAK_REDIS_CERT: setting(NOT_BLANK, {
    ...ofRedisTls,
    without: 'Redis asks for none',
    description: "the PEM file of this program's own certificate, where Redis asks for one",
  }),
  OVERSOAK_REDIS_KEY: setting(NOT_BLANK, {
    ...ofRedisTls,
    without: 'Redis asks for none',
    description: 'the PEM file of its key',
  }),
  OVERSOAK_REDIS_SENTINELS: setting(ENDPOINT_LIST, {
    readBy: ['control-plane', 'agent'],
    default: [] as string[],
    description:
      'Sentinels that know where Redis is now, as `host:port,host:port`; the host of `OVERSOAK_REDIS_URL` is then the name of the master, such as `redis://:PASSWORD@mymaster`',
  }),
  OVERSOAK_REDIS_SENTINEL_PASSWORD: setting(SECRET, {
    readBy: ['control-plane', 'agent'],
    blank: 'unset',
    without: 'that of `OVERSOAK_REDIS_URL`, where it has one',
    description:
      'the password for which the Sentinels ask, as the user `default`; an agent that joined needs it where they ask for one',
  }),
  OVERSOAK_ALLOW_PLAINTEXT: setting(someOf(PLAINTEXT), {
    readBy: ['control-plane', 'agent', 'cli'],
    default: [] as Plaintext[],
    description:
      'what may be sent unencrypted to or from other machines, on a network that you trust: `redis`, `api`',
  }),
  OVERSOAK_AGENTS_REDIS_URL: setting(REDIS_URL, {
    readBy: ['control-plane'],
    blank: 'unset',
    without: 'as `OVERSOAK_REDIS_URL`',
    description:
      'where agents that join find Redis, if it is another address for them: `redis://HOST:PORT`; they get users of their own',
  }),
  OVERSOAK_AGENTS_CA: setting(NOT_BLANK, {
    readBy: ['control-plane'],
    blank: 'unset',
    without: 'agents that join know the authority already',
    description: 'the PEM file of the authority of Redis and the API, for agents that join',
  }),
  OVERSOAK_HOST: setting(NOT_BLANK, {
    readBy: ['control-plane'],
    default: '127.0.0.1',
    description: 'the address at which the API listens',
  }),
  OVERSOAK_PORT: setting(wholeNumber(0, MAX_PORT), {
    readBy: ['control-plane'],
    default: 7700,
    description: 'the port at which the API listens; 0: any free one',
  }),
  OVERSOAK_TLS_CERT: setting(NOT_BLANK, {
    ...ofApiTls,
    description: 'the PEM file of the certificate with which the API is served over HTTPS',
  }),
  OVERSOAK_TLS_KEY: setting(NOT_BLANK, { ...ofApiTls, description: 'the PEM file of its key' }),
  OVERSOAK_REDIS_PASSWORD: setting(PASSWORD, {
    readBy: ['stack'],
    requiredBy: ['stack'],
    description: 'the password of Redis; goes into a URL',
  }),
  OVERSOAK_TOKEN: setting(secretOfLength(32), {
    readBy: ['control-plane', 'cli', 'stack'],
    requiredBy: ['control-plane', 'stack'],
    blank: 'unset',
    description:
      'a bearer token of the API. The control plane takes this one as that of the first administrator; the CLI shows it, or any that `oversoak tokens create` made',
  }),
  OVERSOAK_GRAFANA_PASSWORD: setting(PASSWORD, {
    readBy: ['stack'],
    requiredBy: ['stack'],
    description: "the password of Grafana's user `admin`; read at its first start only",
  }),
  OVERSOAK_RATE_LIMIT_PER_MINUTE: setting(wholeNumber(1, 10_000_000), {
    readBy: ['control-plane'],
    default: 6000,
    description: 'requests to the API that one address may make in a minute',
  }),
  OVERSOAK_QUOTA_QUEUED_RUNS: setting(wholeNumber(1, 10_000_000), {
    readBy: ['control-plane', 'stack'],
    default: 5000,
    description:
      'runs that are not done which the soaks of one token, or of one schedule, may have at a time',
  }),
  OVERSOAK_QUOTA_STORED_MIB: setting(wholeNumber(1, 10_000_000), {
    readBy: ['control-plane', 'stack'],
    default: 8192,
    description:
      'MiB that the specs, runs and results of one token, or of one schedule, may take in Redis',
  }),
  OVERSOAK_QUOTA_STREAMS: setting(wholeNumber(1, 256), {
    readBy: ['control-plane', 'stack'],
    default: 32,
    description: 'event streams that one token may have open at a time',
  }),
  OVERSOAK_QUOTA_COMPARISONS: setting(wholeNumber(1, 64), {
    readBy: ['control-plane', 'stack'],
    default: 4,
    description: 'comparisons and reports that one token may have computed at a time',
  }),
  OVERSOAK_MAX_RUN_SECONDS: setting(wholeNumber(1, 10_000_000), {
    readBy: ['control-plane'],
    default: 31 * SECONDS_PER_DAY,
    description: 'the longest that the phases of a run may add up to; a longer spec is refused',
  }),
  OVERSOAK_RETENTION_DAYS: setting(wholeNumber(1, MAX_DAYS), {
    readBy: ['control-plane', 'stack'],
    default: 90,
    description:
      'a soak that ended, or was imported, longer ago is deleted with its runs and results',
  }),
  OVERSOAK_RETENTION_SOAKS: setting(wholeNumber(1, 1_000_000), {
    readBy: ['control-plane', 'stack'],
    default: 1000,
    description: 'of more soaks than this, those that ended first are deleted',
  }),
  OVERSOAK_RETENTION_SAMPLES_DAYS: setting(wholeNumber(1, MAX_DAYS), {
    readBy: ['control-plane', 'stack'],
    default: 7,
    description: 'the samples of each second are deleted after this; the windows stay',
  }),
  OVERSOAK_WEBHOOK_TARGETS: setting(TARGET_LIST, {
    readBy: ['control-plane', 'stack'],
    default: [] as string[],
    description:
      'addresses that webhooks may call although they are not public, such as `10.0.0.7:443`',
  }),
  OVERSOAK_SEALING_KEYS: setting(KEY_LIST, {
    readBy: ['control-plane', 'stack'],
    requiredBy: ['stack'],
    blank: 'unset',
    without: 'they lie in Redis as they are',
    description:
      'seal the secrets of webhooks in Redis (AES-256-GCM): the first seals, all of them open. To rotate, put a new one first, restart, and then remove the old one',
  }),
  OVERSOAK_LOG_LEVEL: setting(oneOf(LOG_LEVELS), {
    readBy: ['control-plane'],
    default: 'info',
    description: 'what the control plane logs: this level and those above it',
  }),
  OVERSOAK_STOP_ON_STDIN_END: setting(FLAG, {
    readBy: ['control-plane', 'agent'],
    default: false,
    description:
      '1: it stops in order when its standard input ends, which is how a parent stops it where signals do not exist (Wine)',
  }),

  OVERSOAK_IDENTITY_FILE: setting(NOT_BLANK, {
    readBy: ['agent'],
    blank: 'unset',
    without: 'the agent is not enrolled: it takes jobs as they come, with the password of Redis',
    description:
      'the file that `oversoak agent join` wrote. It says the id, the address, the labels, the targets and the user of Redis, so the variables for these must not be set',
  }),
  OVERSOAK_AGENT_ID: setting(
    matching(AGENT_ID_PATTERN, `a text that matches ${AGENT_ID_PATTERN}`),
    {
      readBy: ['agent'],
      without: "the machine's name in lower case",
      description: 'the name of the agent; each agent of a cluster needs another',
    },
  ),
  OVERSOAK_LABELS: setting(LABELS, {
    readBy: ['agent'],
    default: {},
    description: 'what a soak can ask for when it chooses its agents, such as `os=win11,rack=7`',
  }),
  OVERSOAK_SLOTS: setting(wholeNumber(1, MAX_SLOTS), {
    readBy: ['agent'],
    default: 1,
    description: 'parts of runs (a server or a fleet) that it takes at a time, a process each',
  }),
  OVERSOAK_ADVERTISE_HOST: setting(IP_ADDRESS, {
    readBy: ['agent'],
    without: "the machine's first address that is not internal, else 127.0.0.1",
    description:
      'where fleets on other machines reach the servers that run here, which has to be in their `OVERSOAK_PEERS`; with an address on loopback they listen there alone, otherwise on every interface',
  }),
  OVERSOAK_ALLOW_FAULTS: setting(FLAG, {
    readBy: ['agent', 'stack'],
    default: false,
    description: '1: a spec may plant faults in the servers that run here',
  }),
  OVERSOAK_TARGETS: setting(TARGET_LIST, {
    readBy: ['agent', 'stack'],
    default: DEFAULT_TARGETS.slice(),
    description:
      'servers that its fleets may load beside those of their own runs; an empty text allows none',
  }),
  OVERSOAK_PEERS: setting(TARGET_LIST, {
    readBy: ['agent', 'stack'],
    default: DEFAULT_PEERS.slice(),
    description:
      'where the servers of its own runs may be, which other agents start; a run with a server elsewhere fails',
  }),
  OVERSOAK_PLUGINS: setting(PLUGIN_LIST, {
    readBy: ['agent'],
    default: [] as string[],
    description: 'libraries with protocols that its fleets may load, with the hash of their bytes',
  }),
  OVERSOAK_SPOOL_DIR: setting(NOT_BLANK, {
    readBy: ['agent'],
    without: "`oversoak-spool` in the machine's folder for temporary files",
    description: 'where reports are kept that could not be delivered yet, a folder for each agent',
  }),
  // Shorter ones lapse on a machine that is merely busy; longer ones hold a gang for a dead agent.
  OVERSOAK_LEASE_SECONDS: setting(wholeNumber(2, 600), {
    readBy: ['agent'],
    default: LEASE_MS / 1000,
    description: 'how long the cluster waits for a sign of life before the agent counts as lost',
  }),
  OVERSOAK_METRICS_RUN_ID: setting(FLAG, {
    readBy: ['agent'],
    default: false,
    description: '1: `oversoak.run.id` on some metrics, which gives each run series of its own',
  }),
  // At most one trace per second and part, to bound the load of the receiver.
  OVERSOAK_TRACE_INTERVAL_SECONDS: setting(wholeNumber(1, 3600), {
    readBy: ['agent'],
    default: 10,
    description: 'each part of a run has a trace with its figures for each interval of this length',
  }),
  OVERSOAK_SLOW_ECHOES: setting(wholeNumber(0, MAX_SLOW_ECHOES), {
    readBy: ['agent'],
    default: 3,
    description: 'the slowest echoes of an interval that have a trace with their stages',
  }),
  OVERSOAK_ENGINE: setting(NOT_BLANK, {
    readBy: ['agent'],
    default: '@oversoak/native-server',
    description:
      'the module that runs servers and fleets: a specifier or an absolute path; for tests without the native addon',
  }),

  OTEL_EXPORTER_OTLP_ENDPOINT: setting(HTTP_URL, {
    ...ofOpenTelemetry,
    without: 'a signal without an endpoint is not sent',
    description: 'the OTLP/HTTP receiver of traces and metrics, such as `http://127.0.0.1:4318`',
  }),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: setting(HTTP_URL, {
    ...ofOpenTelemetry,
    without: '`/v1/traces` of `OTEL_EXPORTER_OTLP_ENDPOINT`',
    description: 'the whole URL for traces',
  }),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: setting(HTTP_URL, {
    ...ofOpenTelemetry,
    without: '`/v1/metrics` of `OTEL_EXPORTER_OTLP_ENDPOINT`',
    description: 'the whole URL for metrics',
  }),
  OTEL_SDK_DISABLED: setting(TRUE_OR_FALSE, {
    ...ofOpenTelemetry,
    default: false,
    description: 'true: nothing is sent',
  }),
  OTEL_BSP_SCHEDULE_DELAY: setting(COUNT, {
    ...ofOpenTelemetry,
    default: 5000,
    description: 'ms between two deliveries of spans',
  }),
  OTEL_BSP_EXPORT_TIMEOUT: setting(COUNT, {
    ...ofOpenTelemetry,
    default: 30_000,
    description: 'ms after which a delivery of spans has failed',
  }),
  OTEL_BSP_MAX_QUEUE_SIZE: setting(COUNT, {
    ...ofOpenTelemetry,
    default: 2048,
    description: 'spans that wait for delivery; more are dropped, and counted',
  }),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: setting(COUNT, {
    ...ofOpenTelemetry,
    default: 512,
    description: 'spans of one delivery, at most the size of the queue',
  }),
  OTEL_METRIC_EXPORT_INTERVAL: setting(COUNT, {
    ...ofOpenTelemetry,
    default: 10_000,
    description: "ms between two deliveries of metrics; the dashboards' `timeInterval` is the same",
  }),
  OTEL_METRIC_EXPORT_TIMEOUT: setting(COUNT, {
    ...ofOpenTelemetry,
    default: 30_000,
    description: 'ms after which a delivery of metrics has failed, at most the interval',
  }),

  OVERSOAK_URL: setting(HTTP_URL, {
    readBy: ['cli'],
    blank: 'unset',
    description: 'where commands find the API; `--url` goes before it',
  }),
  NO_COLOR: setting(ANY_TEXT, {
    readBy: ['cli'],
    blank: 'unset',
    description: 'any text: no colour and no line that redraws (https://no-color.org)',
  }),
  TERM: setting(ANY_TEXT, {
    readBy: ['cli'],
    blank: 'unset',
    description: '`dumb` is as `NO_COLOR`',
  }),
  GITHUB_ACTIONS: setting(ANY_TEXT, {
    readBy: ['cli'],
    blank: 'unset',
    description: '`true`, which GitHub sets in a job: a soak that did not pass becomes annotations',
  }),
  GITHUB_STEP_SUMMARY: setting(ANY_TEXT, {
    readBy: ['cli'],
    blank: 'unset',
    description: 'set by GitHub: the file to which the comparison is added as Markdown',
  }),

  OVERSOAK_BIND: setting(IPV4_ADDRESS, {
    readBy: ['stack'],
    default: '127.0.0.1',
    description: 'the address of this machine at which Grafana and the API are published',
  }),
  OVERSOAK_API_PORT: setting(wholeNumber(1, MAX_PORT), {
    readBy: ['stack'],
    default: 7700,
    description: 'the port at which the API is published',
  }),
  OVERSOAK_GRAFANA_PORT: setting(wholeNumber(1, MAX_PORT), {
    readBy: ['stack'],
    default: 3000,
    description: 'the port at which Grafana is published',
  }),
  OVERSOAK_METRICS_RETENTION: setting(matching('^\\d+[hdwy]$', 'a duration such as 90d'), {
    readBy: ['stack'],
    default: '90d',
    description: 'how long Prometheus keeps metrics',
  }),
  OVERSOAK_LAN_ADDRESS: setting(IPV4_ADDRESS, {
    readBy: ['stack'],
    blank: 'unset',
    without: 'agents outside of this machine cannot join',
    description:
      'the address of this machine at which Redis and the API are published for agents on other machines (`compose.lan.yaml`)',
  }),
};

export type SettingName = keyof typeof SETTINGS;
