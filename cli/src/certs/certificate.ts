import { randomBytes, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { generate } from 'selfsigned';

/** A certificate and its private key, PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 3650;
/** What browsers accept at most (CA/Browser Forum, ballot SC-31: 398 days). */
const SERVER_DAYS = 397;
/** Clocks of other machines may be behind. */
const EARLIER_MS = DAY_MS;
const EC = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

const named = (value: string) => [{ name: 'commonName', value }];
const validity = (nowMs: number, days: number) => ({
  notBeforeDate: new Date(nowMs - EARLIER_MS),
  notAfterDate: new Date(nowMs + days * DAY_MS),
});

/** An authority of one installation; its name differs from that of any other. */
export async function makeAuthority(nowMs: number): Promise<Certificate> {
  const made = await generate(named(`oversoak ${randomBytes(4).toString('hex')}`), {
    ...{ ...EC, ...validity(nowMs, AUTHORITY_DAYS) },
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** A certificate of a server that is reached by `hosts`: DNS names and addresses. */
export async function makeServerCertificate(
  authority: Certificate,
  hosts: readonly string[],
  nowMs: number,
): Promise<Certificate> {
  const made = await generate(named('oversoak'), {
    ...{ ...EC, ...validity(nowMs, SERVER_DAYS), ca: authority },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: hosts.map((host) =>
          isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host },
        ),
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** A server's certificate is replaced when it has less than this left. */
const RENEW_DAYS = 30;

/** Pure: why a server's certificate has to be made again; null: it is good. */
export function whyRenew(
  cert: string,
  authority: string,
  hosts: readonly string[],
  nowMs: number,
): string | null {
  const server = new X509Certificate(cert);
  if (!server.verify(new X509Certificate(authority).publicKey)) {
    return 'another authority signed it';
  }
  const unnamed = hosts.filter((host) => !namesHost(server, host));
  if (unnamed.length > 0) return `it does not name ${unnamed.join(', ')}`;
  const leftDays = Math.floor((server.validToDate.getTime() - nowMs) / DAY_MS);
  if (leftDays < 0) return 'it has expired';
  return leftDays < RENEW_DAYS ? `it expires in ${leftDays} days` : null;
}

function namesHost(server: X509Certificate, host: string): boolean {
  const found = isIP(host) === 0 ? server.checkHost(host) : server.checkIP(host);
  return found !== undefined;
}
