import { createHash, type X509Certificate } from 'node:crypto';

/** Names an authority by its certificate: SHA-256 of the DER, base64url. */
export function authorityHash({ raw }: Pick<X509Certificate, 'raw'>): string {
  return createHash('sha256').update(raw).digest('base64url');
}
