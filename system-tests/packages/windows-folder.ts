import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPrefix, stopPrefix, windowsToolchain, wineEnvironment } from '@oversoak/agent/wine';
import { Child } from 'oversoak/cluster/child';

/** The unpacked zip on a Windows of its own: a fresh Wine prefix, and no program but those in it. */
export class WindowsFolder {
  readonly folder: string;
  readonly #prefixDir: string;
  #runs = 0;

  private constructor(folder: string, prefixDir: string) {
    this.folder = folder;
    this.#prefixDir = prefixDir;
  }

  static async open(folder: string): Promise<WindowsFolder> {
    const { prefixTemplate, prefixesDir } = windowsToolchain();
    await mkdir(prefixesDir, { recursive: true });
    const prefixDir = await mkdtemp(join(prefixesDir, 'zip-'));
    await createPrefix(prefixTemplate, prefixDir);
    return new WindowsFolder(folder, prefixDir);
  }

  /** Runs `oversoak.cmd` to its end; its output goes through a file, as a Linux pipe cannot be had. */
  async run(...args: string[]): Promise<{ code: number; output: string }> {
    const log = await this.#openLog();
    const child = spawn('wine', ['cmd', '/c', 'oversoak.cmd', ...args], {
      cwd: this.folder,
      env: wineEnvironment(this.#prefixDir),
      stdio: ['ignore', log.file.fd, log.file.fd],
    });
    const [code] = await once(child, 'exit');
    await log.file.close();
    return { code, output: await readFile(log.path, 'utf8') };
  }

  /** Starts `oversoak.cmd`; the end of its input is what stops it. */
  start(name: string, ...args: string[]): Promise<Child> {
    return Child.start({
      name,
      command: 'wine',
      args: ['cmd', '/c', 'oversoak.cmd', ...args],
      cwd: this.folder,
      env: wineEnvironment(this.#prefixDir),
      logFile: join(this.#prefixDir, `${name}.log`),
      stopBy: 'stdin-end',
      stopMs: 60_000,
    });
  }

  close(): Promise<void> {
    return stopPrefix(this.#prefixDir);
  }

  async #openLog() {
    this.#runs += 1;
    const path = join(this.#prefixDir, `run-${this.#runs}.log`);
    return { path, file: await open(path, 'a') };
  }
}
