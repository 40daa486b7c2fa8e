/** The settings that the cluster gives its processes; what they mean stands with each process. */

/** A shell's own OVERSOAK_ settings are for other commands and would mislead this cluster's parts. */
export function inheritedEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('OVERSOAK_')),
  );
}

export function controlPlaneSettings({
  redisUrl,
  token,
  port,
}: {
  redisUrl: string;
  token: string;
  port: number;
}): Record<string, string> {
  return {
    OVERSOAK_REDIS_URL: redisUrl,
    OVERSOAK_HOST: '127.0.0.1',
    OVERSOAK_PORT: String(port),
    OVERSOAK_TOKEN: token,
    OVERSOAK_STOP_ON_STDIN_END: '1',
  };
}

export function agentSettings({
  redisUrl,
  agentId,
  spoolFolder,
}: {
  redisUrl: string;
  agentId: string;
  spoolFolder: string;
}): Record<string, string> {
  return {
    OVERSOAK_REDIS_URL: redisUrl,
    OVERSOAK_AGENT_ID: agentId,
    OVERSOAK_ADVERTISE_HOST: '127.0.0.1',
    OVERSOAK_SLOTS: '1',
    OVERSOAK_SPOOL_DIR: spoolFolder,
    // The cluster is the user's own, and so are the faults planted in it.
    OVERSOAK_ALLOW_FAULTS: '1',
    OVERSOAK_STOP_ON_STDIN_END: '1',
  };
}
