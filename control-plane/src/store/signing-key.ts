import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import type { Redis } from 'ioredis';
import { SIGNING_KEY_KEY } from './names.ts';
import type { SealedSecrets } from './sealed-secrets.ts';

/** What the key is sealed for. */
const OWNER = 'signing key';

const written = (key: KeyObject) =>
  key.export({ format: 'der', type: 'pkcs8' }).toString('base64url');

function read(text: string): KeyObject {
  return createPrivateKey({ key: Buffer.from(text, 'base64url'), format: 'der', type: 'pkcs8' });
}

/** The Ed25519 key of a cluster that signs jobs: made once, and sealed as webhooks' secrets are. */
export class SigningKey {
  readonly #redis: Redis;
  readonly #secrets: SealedSecrets;
  #loaded: Promise<KeyObject> | undefined;

  constructor(redis: Redis, secrets: SealedSecrets) {
    this.#redis = redis;
    this.#secrets = secrets;
  }

  /** Whether it lies in Redis as it is. */
  get isUnsealed(): boolean {
    return !this.#secrets.hasKey;
  }

  /** Throws CannotOpen. */
  privateKey(): Promise<KeyObject> {
    this.#loaded ??= this.#load();
    // A Redis that could not be reached is asked again.
    this.#loaded.catch(() => {
      this.#loaded = undefined;
    });
    return this.#loaded;
  }

  /** SubjectPublicKeyInfo as DER in base64url: what an agent checks jobs with. */
  async publicKey(): Promise<string> {
    const key = createPublicKey(await this.privateKey());
    return key.export({ format: 'der', type: 'spki' }).toString('base64url');
  }

  /** Of control planes that start together, one makes the key. */
  async #load(): Promise<KeyObject> {
    const stored =
      (await this.#redis.get(SIGNING_KEY_KEY)) ??
      (await this.#make()) ??
      (await this.#redis.get(SIGNING_KEY_KEY));
    if (stored === null) throw new Error('the key that signs jobs is gone');
    const text = this.#secrets.open(stored, OWNER);
    if (!this.#secrets.isCurrent(stored)) {
      await this.#redis.set(SIGNING_KEY_KEY, this.#secrets.seal(text, OWNER));
    }
    return read(text);
  }

  /** null: another control plane was first. */
  async #make(): Promise<string | null> {
    const text = this.#secrets.seal(written(generateKeyPairSync('ed25519').privateKey), OWNER);
    return (await this.#redis.set(SIGNING_KEY_KEY, text, 'NX')) === null ? null : text;
  }
}
