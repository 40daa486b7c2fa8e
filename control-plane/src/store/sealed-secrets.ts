import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** As NIST SP 800-38D recommends it; each secret has a random one of its own. */
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PURPOSE = 'oversoak sealed secrets';
const SEALED = /^sealed:([0-9a-f]{8}):([A-Za-z0-9_-]+)$/;

interface Key {
  id: string;
  bytes: Buffer;
}

/** No key here opens the secret, or it was changed. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen';
}

function keyOf(text: string): Key {
  const bytes = Buffer.from(hkdfSync('sha256', text, '', PURPOSE, KEY_BYTES));
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}

/**
 * Secrets as they lie in Redis: encrypted and authenticated with a key that is not there. The first
 * key seals, and every key opens. Without a key they lie there as they are.
 */
export class SealedSecrets {
  readonly #keys: readonly Key[];

  constructor(keys: readonly string[]) {
    this.#keys = keys.map(keyOf);
  }

  /** `owner`: what the secret belongs to; it opens for nothing else. */
  seal(secret: string, owner: string): string {
    const [key] = this.#keys;
    if (key === undefined || SEALED.test(secret)) return secret;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, key.bytes, iv).setAAD(Buffer.from(owner));
    const hidden = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    const all = Buffer.concat([iv, cipher.getAuthTag(), hidden]);
    return `sealed:${key.id}:${all.toString('base64url')}`;
  }

  /** Throws CannotOpen. A secret that was never sealed is its own. */
  open(stored: string, owner: string): string {
    const [, id, text = ''] = SEALED.exec(stored) ?? [];
    if (id === undefined) return stored;
    const key = this.#keys.find((one) => one.id === id);
    if (key === undefined) {
      throw new CannotOpen(`it was sealed with the key ${id}, which OVERSOAK_SEALING_KEYS has not`);
    }
    const all = Buffer.from(text, 'base64url');
    const [iv, tag] = [all.subarray(0, IV_BYTES), all.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
    try {
      const decipher = createDecipheriv(CIPHER, key.bytes, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(owner)).setAuthTag(tag);
      const opened = decipher.update(all.subarray(IV_BYTES + TAG_BYTES));
      return Buffer.concat([opened, decipher.final()]).toString('utf8');
    } catch (error) {
      throw new CannotOpen('it was changed, or sealed for another owner', { cause: error });
    }
  }

  /** Whether the stored secret is as `seal` would store it now. */
  isCurrent(stored: string): boolean {
    const [key] = this.#keys;
    return key === undefined || SEALED.exec(stored)?.[1] === key.id;
  }

  get hasKey(): boolean {
    return this.#keys.length > 0;
  }
}
