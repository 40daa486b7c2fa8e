import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/**
 * The format of a stored result document: JSON, gzip. Its histograms are already deflated, so a
 * night's document shrinks by a third only (their base64); one with few windows shrinks more.
 */
export async function pack(value: object): Promise<Buffer> {
  return await compress(JSON.stringify(value));
}

export async function unpack<T>(packed: Buffer): Promise<T> {
  return JSON.parse((await decompress(packed)).toString()) as T;
}
