// How the programs protect what they send to one another: TLS, and where it may be left out.
import { createHash, X509Certificate } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { SettingsError } from './setting.ts';

/** What may be sent unencrypted off this machine, where the settings say so. */
export const PLAINTEXT = ['redis', 'api'] as const;
export type Plaintext = (typeof PLAINTEXT)[number];

export interface Certificates {
  /** PEM, like the others: who may have signed the certificate of the other side. */
  ca?: string;
  cert?: string;
  key?: string;
}

/** What a connection to Redis needs beyond its URL: options of ioredis, as plain data. */
export interface RedisTransport {
  tls?: Certificates;
  /** They know where the master called `name` is now. */
  sentinels?: { host: string; port: number }[];
  name?: string;
  sentinelUsername?: string;
  sentinelPassword?: string;
  sentinelTLS?: Certificates;
  enableTLSForSentinelMode?: boolean;
}

export interface RedisSettings {
  OVERSOAK_REDIS_URL: string;
  OVERSOAK_REDIS_CA: string | undefined;
  OVERSOAK_REDIS_CERT: string | undefined;
  OVERSOAK_REDIS_KEY: string | undefined;
  OVERSOAK_REDIS_SENTINELS: readonly string[];
  OVERSOAK_REDIS_SENTINEL_PASSWORD: string | undefined;
  OVERSOAK_ALLOW_PLAINTEXT: readonly string[];
}

/** Reads a file as text, or throws. */
export type ReadText = (path: string) => string;

/**
 * Reads the certificates that the settings name.
 * @throws SettingsError, also where Redis would be reached unencrypted off this machine
 */
export function redisTransport(read: RedisSettings, readText: ReadText): RedisTransport {
  const { OVERSOAK_REDIS_URL: text, OVERSOAK_REDIS_SENTINELS: sentinelTexts } = read;
  const { OVERSOAK_REDIS_CA: ca, OVERSOAK_REDIS_CERT: cert, OVERSOAK_REDIS_KEY: key } = read;
  const url = new URL(text);
  const isSecure = url.protocol === 'rediss:';
  const files = { OVERSOAK_REDIS_CA: ca, OVERSOAK_REDIS_CERT: cert, OVERSOAK_REDIS_KEY: key };
  const given = Object.entries(files).filter(([, path]) => path !== undefined);
  if (!isSecure && given.length > 0) {
    const names = given.map(([name]) => name).join(', ');
    throw new SettingsError(`${names} needs an OVERSOAK_REDIS_URL that begins with rediss://`);
  }
  requirePair('OVERSOAK_REDIS_CERT', cert, 'OVERSOAK_REDIS_KEY', key);
  const sentinels = sentinelTexts.map(endpointOf);
  const own = read.OVERSOAK_REDIS_SENTINEL_PASSWORD;
  if (own !== undefined && sentinels.length === 0) {
    throw new SettingsError('OVERSOAK_REDIS_SENTINEL_PASSWORD needs OVERSOAK_REDIS_SENTINELS');
  }
  const hosts = sentinels.length === 0 ? [url.hostname] : sentinels.map(({ host }) => host);
  if (!isSecure && !hosts.every(isLoopback)) {
    requireAllowed('redis', read.OVERSOAK_ALLOW_PLAINTEXT, {
      what: `OVERSOAK_REDIS_URL would reach ${hosts.join(', ')} unencrypted`,
      instead: 'use a rediss:// URL',
    });
  }
  const tls: Certificates = {
    ...(ca !== undefined && { ca: pem('OVERSOAK_REDIS_CA', ca, readText) }),
    ...(cert !== undefined && { cert: pem('OVERSOAK_REDIS_CERT', cert, readText) }),
    ...(key !== undefined && { key: pem('OVERSOAK_REDIS_KEY', key, readText) }),
  };
  const secured = isSecure && { tls };
  if (sentinels.length === 0) return { ...secured };
  const ofRedis = url.password === '' ? undefined : decodeURIComponent(url.password);
  const sentinelPassword = own ?? ofRedis;
  return {
    ...secured,
    ...(isSecure && { sentinelTLS: tls, enableTLSForSentinelMode: true }),
    ...{ sentinels, name: url.hostname },
    // Without one of their own, one password for both, as Redis' own documentation sets them up.
    ...(sentinelPassword !== undefined && { sentinelPassword }),
  };
}

/**
 * Returns the certificate with which the API is served; undefined: it is served over HTTP.
 * @throws SettingsError, also where that would be readable off this machine
 */
export function apiCertificate(
  read: {
    OVERSOAK_HOST: string;
    OVERSOAK_TLS_CERT: string | undefined;
    OVERSOAK_TLS_KEY: string | undefined;
    OVERSOAK_ALLOW_PLAINTEXT: readonly string[];
  },
  readText: ReadText,
): { cert: string; key: string } | undefined {
  const { OVERSOAK_TLS_CERT: cert, OVERSOAK_TLS_KEY: key, OVERSOAK_HOST: host } = read;
  requirePair('OVERSOAK_TLS_CERT', cert, 'OVERSOAK_TLS_KEY', key);
  if (cert !== undefined && key !== undefined) {
    return {
      cert: pem('OVERSOAK_TLS_CERT', cert, readText),
      key: pem('OVERSOAK_TLS_KEY', key, readText),
    };
  }
  if (!isLoopback(host)) {
    requireAllowed('api', read.OVERSOAK_ALLOW_PLAINTEXT, {
      what: `OVERSOAK_HOST ${host} would serve the API unencrypted`,
      instead: 'set OVERSOAK_TLS_CERT and OVERSOAK_TLS_KEY',
    });
  }
  return undefined;
}

/** The authority of a cluster, as agents get it when they join. */
export interface Authority {
  certificate: X509Certificate;
  /** Whether it signed the certificate with which the control plane serves the API. */
  signedApi: boolean;
}

/**
 * The authority that agents get when they join; undefined: they know it already.
 * @throws SettingsError
 */
export function agentsAuthority(
  { OVERSOAK_AGENTS_CA: path }: { OVERSOAK_AGENTS_CA: string | undefined },
  readText: ReadText,
  api: { cert: string } | undefined,
): Authority | undefined {
  if (path === undefined) return undefined;
  const text = pem('OVERSOAK_AGENTS_CA', path, readText);
  const certificate = certificateIn('OVERSOAK_AGENTS_CA', text);
  const ofApi = api && certificateIn('OVERSOAK_TLS_CERT', api.cert);
  return { certificate, signedApi: ofApi?.checkIssued(certificate) === true };
}

function certificateIn(name: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw new SettingsError(
      `${name} must be a PEM file with a certificate, and there is none in it`,
    );
  }
}

/** Pure: names an authority by its certificate: SHA-256 of the DER, base64url. */
export function authorityHash({ raw }: Pick<X509Certificate, 'raw'>): string {
  return createHash('sha256').update(raw).digest('base64url');
}

/** Pure: trusts the authority where none is named so far. */
export function trusting(transport: RedisTransport, ca: string | undefined): RedisTransport {
  const { tls, sentinelTLS } = transport;
  if (ca === undefined || tls === undefined) return transport;
  return {
    ...transport,
    tls: { ca, ...tls },
    ...(sentinelTLS !== undefined && { sentinelTLS: { ca, ...sentinelTLS } }),
  };
}

/** @throws SettingsError where a token would be sent unencrypted off this machine */
export function requireEncryptedApi(url: string, allowed: readonly string[]): void {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'http:' || isLoopback(hostname)) return;
  requireAllowed('api', allowed, {
    what: `${url} would be sent the token unencrypted`,
    instead: 'use an https:// URL',
  });
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether a host of a URL or setting is this machine itself, without asking a resolver. */
export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  if (address === 'localhost') return true;
  const family = isIP(address);
  return family !== 0 && LOOPBACK.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** The last colon: an IPv6 address stands in brackets. */
function endpointOf(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(':');
  return {
    host: text.slice(0, colon).replace(/^\[|\]$/g, ''),
    port: Number(text.slice(colon + 1)),
  };
}

function requirePair(
  certName: string,
  cert: string | undefined,
  keyName: string,
  key: string | undefined,
): void {
  if ((cert === undefined) === (key === undefined)) return;
  const [set, missing] = cert === undefined ? [keyName, certName] : [certName, keyName];
  throw new SettingsError(`${set} is set, so ${missing} must be set too`);
}

function requireAllowed(
  name: Plaintext,
  allowed: readonly string[],
  { what, instead }: { what: string; instead: string },
): void {
  if (allowed.includes(name)) return;
  throw new SettingsError(
    `${what}: ${instead}, or allow it on a network that you trust with OVERSOAK_ALLOW_PLAINTEXT=${name}`,
  );
}

function pem(name: string, path: string, readText: ReadText): string {
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingsError(`${name} must be a file that can be read: ${reason}`);
  }
  if (text.includes('-----BEGIN ')) return text;
  throw new SettingsError(`${name} must be a PEM file, and ${path} is none`);
}
