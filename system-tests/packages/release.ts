import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY } from '@oversoak/testing/repository';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';

const run = promisify(execFile);

/** What `npm run pack:all` makes, in a folder outside of the checkout. */
export class Release {
  /** Everything of a test; the release itself is in `release`. */
  readonly folder: string;
  readonly output: string;

  private constructor(folder: string, output: string) {
    this.folder = folder;
    this.output = output;
  }

  static async make(): Promise<Release> {
    const folder = await mkdtemp(join(tmpdir(), 'oversoak-release-'));
    const script = join(REPOSITORY, 'deploy/pack/main.mjs');
    const { stdout } = await run(process.execPath, [script, join(folder, 'release')]);
    return new Release(folder, stdout);
  }

  get files(): string {
    return join(this.folder, 'release');
  }

  async tarballs(): Promise<string[]> {
    const names = await readdir(this.files);
    return names.filter((name) => name.endsWith('.tgz')).map((name) => join(this.files, name));
  }

  /** The files of a tarball by their place in the package. */
  async unpacked(tarball: string): Promise<Map<string, Buffer>> {
    const folder = await mkdtemp(join(this.folder, 'unpacked-'));
    await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const paths = files.map(({ parentPath, name }) => join(parentPath, name));
    return new Map(
      await Promise.all(
        paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path)] as const),
      ),
    );
  }

  /**
   * Installs the tarballs with a cache of its own and no registry.
   * @returns the folder of the package `oversoak`, and its command
   */
  async install(): Promise<{ folder: string; command: string }> {
    const prefix = await mkdtemp(join(this.folder, 'global-'));
    const cache = join(this.folder, 'npm-cache');
    const words = ['install', '--global', '--prefix', prefix, '--offline', '--cache', cache];
    await run('npm', [...words, ...(await this.tarballs())], { cwd: this.folder });
    return {
      folder: join(prefix, 'lib/node_modules/oversoak'),
      command: join(prefix, 'bin/oversoak'),
    };
  }

  /** Unpacks the zip for Windows; returns the folder that is in it. */
  async unzip(into: string): Promise<string> {
    const names = await readdir(this.files);
    const name = names.find((each) => each.endsWith('.zip')) ?? 'no zip';
    const reader = new ZipReader(new Uint8ArrayReader(await readFile(join(this.files, name))));
    for (const entry of await reader.getEntries()) {
      if (entry.directory) continue;
      const path = join(into, entry.filename);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, await entry.getData(new Uint8ArrayWriter()));
    }
    return join(into, name.replace(/\.zip$/, ''));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
