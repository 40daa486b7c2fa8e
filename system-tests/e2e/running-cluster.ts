import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ComparedCell, Comparison } from '@oversoak/contracts';
import { allGone, type Footprint, Oversoak } from './demo-process.ts';

/** A cluster that `oversoak start` runs, and the command to use it with. */
export class RunningCluster {
  readonly #command: Oversoak;
  readonly footprint: Footprint;
  readonly #api: readonly string[];

  private constructor(command: Oversoak, footprint: Footprint, api: readonly string[]) {
    this.#command = command;
    this.footprint = footprint;
    this.#api = api;
  }

  static async start(): Promise<RunningCluster> {
    const command = await Oversoak.run('start', '--port', '0');
    await command.says(/^Token +\S+$/m);
    const found = (name: string) => command.output.match(new RegExp(`^${name} +(\\S+)$`, 'm'))?.[1];
    const api = ['--url', found('API') ?? '', '--token', found('Token') ?? ''];
    return new RunningCluster(command, await command.footprint(), api);
  }

  /** `submit --watch`, under way. */
  async submit(context: TestContext, spec: object): Promise<Oversoak> {
    const file = join(this.#command.workFolder, 'spec.json');
    await writeFile(file, JSON.stringify(spec));
    const command = await Oversoak.run('submit', file, '--watch', ...this.#api);
    context.after(() => command.clearAway());
    return command;
  }

  /** What a soak of one cell that was submitted came to. */
  async onlyCell(context: TestContext, submitted: Oversoak): Promise<ComparedCell> {
    const id = submitted.output.match(/soak-[0-9a-z]+/)?.[0] ?? '';
    const command = await Oversoak.run('compare', id, '--json', 'out.json', ...this.#api);
    context.after(() => command.clearAway());
    await command.exitCode();
    const text = await readFile(join(command.workFolder, 'out.json'), 'utf8');
    const { cells } = JSON.parse(text) as Comparison;
    assert.equal(cells.length, 1);
    return cells[0] as ComparedCell;
  }

  async stop(): Promise<void> {
    this.#command.pressCtrlC();
    await this.#command.exitCode();
    await allGone(this.footprint);
    await this.#command.clearAway();
  }
}
