import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate } from 'node:tls';
import { authorityHash } from '@oversoak/contracts';

const HTTPS_PORT = 443;

/**
 * The authority that a server shows with its certificate, as PEM; null: it shows none with this hash.
 * Whether the authority has signed the certificate is not known yet, so nothing is sent here.
 */
export async function shownAuthority(
  { hostname, port }: URL,
  hash: string,
  signal: AbortSignal,
): Promise<string | null> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connect({
    ...{ host, port: port === '' ? HTTPS_PORT : Number(port), rejectUnauthorized: false },
    ...(isIP(host) === 0 && { servername: host }),
  });
  try {
    await once(socket, 'secureConnect', { signal });
    return (
      chainOf(socket.getPeerCertificate(true))
        .find((each) => authorityHash(each) === hash)
        ?.toString() ?? null
    );
  } finally {
    socket.destroy();
  }
}

/** From the server's own to the last that it shows, whose issuer is itself or unknown. */
function chainOf(first: DetailedPeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<DetailedPeerCertificate>();
  for (
    let next = first;
    next?.raw !== undefined && !seen.has(next);
    next = next.issuerCertificate
  ) {
    seen.add(next);
    chain.push(new X509Certificate(next.raw));
  }
  return chain;
}
