import {
  type Authority,
  authorityHash,
  type Enrolment,
  type EnrolmentRequest,
  type JoinAnswer,
  type JoinToken,
  type Signal,
} from '@oversoak/contracts';
import { userOf } from '../model/agent-rights.ts';
import type { Queues } from '../queue/queues.ts';
import type { AgentUsers } from '../store/agent-users.ts';
import type { Enrolments, StoredEnrolment } from '../store/enrolments.ts';
import type { SigningKey } from '../store/signing-key.ts';
import { unreachableReason, withoutUser } from './redis-of-agents.ts';

export interface EnrollingDeps {
  enrolments: Pick<Enrolments, 'all' | 'get' | 'createToken' | 'join' | 'revoke' | 'silence'>;
  agentUsers: Pick<AgentUsers, 'requirePossible' | 'write' | 'endBefore' | 'pass'>;
  signingKey: Pick<SigningKey, 'publicKey'>;
  queues: Pick<Queues, 'forget'>;
  /** Where agents find Redis; a user and a password in it are not for them. */
  agentsRedisUrl: string;
  /** Of Redis and the API; undefined: agents know it already. */
  agentsAuthority: Authority | undefined;
  /** What the control plane passes on for agents that joined. */
  relayedSignals: readonly Signal[];
  /** Redis time. */
  nowMs: () => Promise<number>;
}

/** What cannot be enrolled here, and why. */
export interface NotEnrolled {
  reason: string;
}

function withoutHashes({
  sha256: _,
  telemetrySha256: __,
  ...enrolment
}: StoredEnrolment): Enrolment {
  return enrolment;
}

/** Lets machines join as agents, and ends it. */
export class Enrolling {
  readonly #deps: EnrollingDeps;

  constructor(deps: EnrollingDeps) {
    this.#deps = deps;
  }

  /** By id. */
  async list(): Promise<Enrolment[]> {
    return (await this.#deps.enrolments.all()).map(withoutHashes);
  }

  /** Throws NoAgentUsers. */
  async enrol(request: EnrolmentRequest): Promise<JoinToken | NotEnrolled> {
    const { agentId, address } = request;
    if ((await this.#deps.enrolments.get(agentId)) !== null) {
      return { reason: `"${agentId}" is enrolled: rotate its identity, or revoke it first` };
    }
    const reason = unreachableReason(this.#deps.agentsRedisUrl, address);
    return reason === null ? await this.#createToken(request) : { reason };
  }

  /** A token for a new identity of an enrolled agent. null: it is not enrolled. */
  async rotate(agentId: string): Promise<JoinToken | NotEnrolled | null> {
    const enrolment = await this.#deps.enrolments.get(agentId);
    if (enrolment === null) return null;
    const { address, labels, targets } = enrolment;
    return await this.#createToken({ agentId, address, labels, targets });
  }

  async #createToken(request: EnrolmentRequest): Promise<JoinToken | NotEnrolled> {
    const { agentUsers, enrolments, agentsAuthority, nowMs } = this.#deps;
    await agentUsers.requirePossible();
    const token = await enrolments.createToken(request, await nowMs());
    if (token === null) return { reason: 'too many agents are enrolled; revoke some' };
    return {
      ...token,
      // Of another one's certificate, such as that of a proxy, the link says nothing.
      ...(agentsAuthority?.signedApi && { authority: authorityHash(agentsAuthority.certificate) }),
    };
  }

  /** null: the token is none, or it was used, or its time is over. */
  async join(token: string): Promise<JoinAnswer | null> {
    const { enrolments, agentUsers, signingKey, agentsRedisUrl, nowMs } = this.#deps;
    const { agentsAuthority } = this.#deps;
    const signals = [...this.#deps.relayedSignals];
    const joined = await enrolments.join(token, await nowMs());
    if (joined === null) return null;
    const { enrolment, password, telemetryToken } = joined;
    await agentUsers.write(enrolment);
    // The user of the identity before, and its connections, end here.
    await agentUsers.endBefore(enrolment);
    const { joinedAtMs: _, ...known } = withoutHashes(enrolment);
    return {
      ...known,
      redis: { url: withoutUser(agentsRedisUrl), user: userOf(enrolment), password },
      jobKey: await signingKey.publicKey(),
      ...(agentsAuthority && { ca: agentsAuthority.certificate.toString() }),
      ...(signals.length > 0 && { telemetry: { token: telemetryToken, signals } }),
    };
  }

  /** false: it was not enrolled. */
  async revoke(agentId: string): Promise<boolean> {
    const { enrolments, agentUsers, queues } = this.#deps;
    if (!(await enrolments.revoke(agentId))) return false;
    await agentUsers.pass();
    await enrolments.silence(agentId);
    await queues.forget([agentId]);
    return true;
  }
}
