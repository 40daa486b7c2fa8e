import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/**
 * How a result document lies in Redis: JSON, gzip. Its histograms are deflated already, so that a
 * night's document shrinks by their base64 alone, a third; documents without many windows by more.
 */
export async function pack(value: object): Promise<Buffer> {
  return await compress(JSON.stringify(value));
}

export async function unpack<T>(packed: Buffer): Promise<T> {
  return JSON.parse((await decompress(packed)).toString()) as T;
}
