import { type Authority, BOOTSTRAP_ID, type Signal } from '@oversoak/contracts';
import type { Telemetry } from '@oversoak/telemetry';
import { ScheduleTrends } from './comparison/schedule-trends.ts';
import type { Connections } from './connections.ts';
import { Allocator } from './dispatch/allocator.ts';
import { Dispatcher } from './dispatch/dispatcher.ts';
import { WaitingRuns } from './dispatch/waiting-runs.ts';
import { Enrolling } from './enrolment/enrolling.ts';
import type { Log } from './model/log.ts';
import type { Quotas } from './model/quotas.ts';
import type { RunLimits } from './model/run-limits.ts';
import { requestProbes } from './probes/request-probes.ts';
import { JobSigner } from './queue/job-signer.ts';
import { Queues } from './queue/queues.ts';
import type { Cluster } from './routes/cluster.ts';
import { Driver } from './run/driver.ts';
import { EarlyStop } from './run/early-stop.ts';
import { GangReports } from './run/gang-reports.ts';
import { Reaper } from './run/reaper.ts';
import { Watch } from './run/watch.ts';
import { Scheduling, type SchedulingDeps } from './schedules/scheduling.ts';
import { AgentConnections } from './store/agent-connections.ts';
import { AgentUsers } from './store/agent-users.ts';
import { Agents } from './store/agents.ts';
import { Audit } from './store/audit.ts';
import { Baselines } from './store/baselines.ts';
import { Enrolments } from './store/enrolments.ts';
import { Nights } from './store/nights.ts';
import { Probes } from './store/probes.ts';
import { redisTimeMs } from './store/redis.ts';
import { Runs } from './store/runs.ts';
import { ScriptWatchdog } from './store/script-watchdog.ts';
import { SealedSecrets } from './store/sealed-secrets.ts';
import { SigningKey } from './store/signing-key.ts';
import { Soaks } from './store/soaks.ts';
import { Tokens } from './store/tokens.ts';
import { plan, type Submission, submit } from './submit/submit.ts';
import { ReportTraces } from './telemetry/report-traces.ts';
import { RunTraces } from './telemetry/run-traces.ts';
import { SoakFactsCache } from './telemetry/soak-facts.ts';

export interface ServiceOptions
  extends Pick<SchedulingDeps, 'writes' | 'webhookTargets' | 'sealingKeys'> {
  log: Log;
  /** Where agents find Redis. */
  agentsRedisUrl: string;
  /** Of Redis and the API, for agents that join. */
  agentsAuthority: Authority | undefined;
  /** What the control plane passes on for agents that joined. */
  relayedSignals: readonly Signal[];
  limits: RunLimits;
  quotas: Quotas;
  retries: SchedulingDeps['retries'];
  telemetry: Telemetry;
}

export type Services = ReturnType<typeof assembleServices>;

/** Assembles all parts of a control plane; nothing runs yet. */
export function assembleServices(
  { redis, connection }: Pick<Connections, 'redis' | 'connection'>,
  options: ServiceOptions,
) {
  const { log, limits, quotas, retries, telemetry, writes, webhookTargets, sealingKeys } = options;
  const nowMs = () => redisTimeMs(redis);
  const runs = new Runs(redis);
  const soaks = new Soaks(redis);
  const agents = new Agents(redis);
  const enrolments = new Enrolments(redis);
  const agentUsers = new AgentUsers(redis, enrolments, log);
  const baselines = new Baselines(redis);
  const probes = new Probes(redis);
  const tokens = new Tokens(redis);
  const audit = new Audit(redis, log);
  const signingKey = new SigningKey(redis, new SealedSecrets(sealingKeys));
  const signer = new JobSigner({ privateKey: () => signingKey.privateKey(), nowMs });
  const { agentsRedisUrl, agentsAuthority, relayedSignals } = options;
  const queues = new Queues({ connection, log, signer });
  const enrolling = new Enrolling({
    ...{ enrolments, agentUsers, signingKey, queues, nowMs },
    ...{ agentsRedisUrl, agentsAuthority, relayedSignals },
  });
  const trends = new ScheduleTrends({ nights: new Nights(redis), baselines, runs });

  const planSoak: Cluster['plan'] = (spec) => plan(spec, limits, { soaks, baselines, agents });
  const submitSoak: Cluster['submit'] = async (spec, { owner = BOOTSTRAP_ID, ...given } = {}) => {
    const { origin = { kind: 'submitted' }, request = null, trace } = given;
    const account = { owner, quotas };
    const submission: Submission = { origin, request, account, trace };
    const deps = { soaks, baselines, agents, telemetry };
    const submitted = await submit(spec, submission, await nowMs(), limits, deps);
    if ('soakId' in submitted && submitted.created) await queues.dispatch(submitted.soakId);
    return submitted;
  };
  const probe: Cluster['probe'] = (agentIds, names) =>
    requestProbes(agentIds, names, { probes, queues, nowMs, log });
  const stores = { redis, connection, runs, soaks, trends };
  const scheduling = new Scheduling({
    ...{ ...stores, submit: submitSoak, retries, webhookTargets, sealingKeys, nowMs, log, writes },
  });
  const { soakEnds } = scheduling;

  const soakFacts = new SoakFactsCache(soaks);
  const traces = new RunTraces({ telemetry, soakFacts, nowMs });
  const reportTraces = new ReportTraces({ telemetry, runs, soakFacts, nowMs });
  const driver = new Driver({ runs, soaks, queues, traces, soakEnds, nowMs, limits, log });
  const gangReports = new GangReports(driver);
  const allocator = new Allocator(redis);
  const waitingRuns = new WaitingRuns({ runs, soaks, log });
  const gangs = { waitingRuns, agents, allocator, driver };
  const dispatcher = new Dispatcher({ ...gangs, telemetry, nowMs, limits, log });
  const earlyStop = new EarlyStop({ runs, soaks, driver, log });
  const watch = new Watch({ runs, soaks, agents, driver, earlyStop, nowMs, log });
  const reaper = new Reaper({ runs, agents, queues, nowMs, limits, log });

  return {
    ...{ nowMs, runs, soaks, agents, baselines, probes, tokens, audit, trends, queues },
    ...{ signingKey, agentUsers, enrolments, enrolling, watchdog: new ScriptWatchdog(redis, log) },
    agentConnections: new AgentConnections(redis, audit, log),
    ...{
      planSoak,
      submitSoak,
      requestProbes: probe,
      scheduling,
      driver,
      gangReports,
      dispatcher,
      watch,
      reaper,
      reportTraces,
    },
  };
}
