// The authority of an installation and the certificate of its servers, as files.
import { X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotRun, messageOf } from '../shell/failure.ts';
import { replaceFile } from '../shell/replace-file.ts';
import { type Certificate, makeAuthority, makeServerCertificate, whyRenew } from './certificate.ts';

/** Beside compose.yaml; compose.lan.yaml gives its files to the containers. */
export const CERTIFICATE_FOLDER = 'certs';

export const CERTIFICATE_FILES = {
  authority: { cert: 'ca.pem', key: 'ca-key.pem' },
  server: { cert: 'server.pem', key: 'server-key.pem' },
} as const;

export interface Held {
  authority: X509Certificate;
  server: X509Certificate;
  /** What was made now, and why; empty: everything was there. */
  made: string[];
}

export interface Wanted {
  /** DNS names and addresses by which the servers are reached. */
  hosts: readonly string[];
  nowMs: number;
  /** Replace the server's certificate even if it is good. */
  renew?: boolean;
}

/**
 * Makes what is missing or about to expire. The authority stays, because agents trust it; it can be
 * replaced by deleting its files.
 * @throws CannotRun
 */
export async function ensureCertificates(folder: string, wanted: Wanted): Promise<Held> {
  const { hosts, nowMs, renew = false } = wanted;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // The keys in it are readable by every user id of a container; nobody else gets this far.
    await chmod(folder, 0o700);
    const made: string[] = [];
    let authority = await readPair(folder, CERTIFICATE_FILES.authority);
    if (authority === undefined) {
      authority = await makeAuthority(nowMs);
      await writePair(folder, CERTIFICATE_FILES.authority, authority, 0o600);
      made.push('the authority');
    }
    let server = await readPair(folder, CERTIFICATE_FILES.server);
    const why =
      server === undefined
        ? 'there was none'
        : renew
          ? 'as requested'
          : whyRenew(server.cert, authority.cert, hosts, nowMs);
    if (server === undefined || why !== null) {
      server = await makeServerCertificate(authority, hosts, nowMs);
      await writePair(folder, CERTIFICATE_FILES.server, server, 0o644);
      made.push(`the certificate of Redis and the API (${why})`);
    }
    return {
      authority: new X509Certificate(authority.cert),
      server: new X509Certificate(server.cert),
      made,
    };
  } catch (error) {
    throw new CannotRun(`cannot keep certificates in ${folder}: ${messageOf(error)}`);
  }
}

type PairFiles = { cert: string; key: string };

async function readPair(folder: string, files: PairFiles): Promise<Certificate | undefined> {
  const [cert, key] = await Promise.all([files.cert, files.key].map((file) => text(folder, file)));
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

async function text(folder: string, file: string): Promise<string | undefined> {
  return readFile(join(folder, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** The key first: a certificate without its key would be taken for none. */
async function writePair(
  folder: string,
  files: PairFiles,
  { cert, key }: Certificate,
  keyMode: number,
): Promise<void> {
  await replaceFile(join(folder, files.key), key, keyMode);
  await replaceFile(join(folder, files.cert), cert, 0o644);
}
