// What `npm run dev` starts, beside a cluster that runs: a change of a component is seen without a
// reload. The component is one of a copy, so that a test that dies leaves no change behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';
import { until } from '@oversoak/testing/waiting/until';
import getPort from 'get-port';
import { FaultCluster } from '../faults/cluster.ts';
import { TOKEN } from '../faults/plane-process.ts';
import { signIn, TestBrowser } from './browser.ts';

const LONG = 60_000;
/** What the copy has, at the places where the configuration looks for it. */
const COPIED = [
  'console/index.html',
  'console/package.json',
  'console/src',
  'console/vite.config.ts',
  'presets',
];

describe('the development server of the console', () => {
  let cluster: FaultCluster;
  let browser: TestBrowser;
  let folder: string;
  let vite: ChildProcess;
  let url: string;
  let said = '';

  before(async () => {
    // Below the checkout, where packages are found; git and the checks ignore it.
    await mkdir(join(REPOSITORY, '.oversoak'), { recursive: true });
    folder = await mkdtemp(join(REPOSITORY, '.oversoak/dev-'));
    for (const path of COPIED) {
      await cp(join(REPOSITORY, path), join(folder, path), { recursive: true });
    }
    cluster = await FaultCluster.start();
    browser = await TestBrowser.start();
    const port = await getPort({ host: '127.0.0.1' });
    url = `http://127.0.0.1:${port}`;
    const options = ['--host', '127.0.0.1', '--port', String(port), '--strictPort'];
    const program = join(REPOSITORY, 'node_modules/vite/bin/vite.js');
    vite = spawn(process.execPath, [program, join(folder, 'console'), ...options], {
      env: { ...process.env, OVERSOAK_URL: cluster.plane.url },
      // It ends with its input.
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const stream of [vite.stdout, vite.stderr]) {
      stream?.on('data', (text) => {
        said += text;
      });
    }
    await until(
      'the server answers',
      async () => {
        if (vite.exitCode !== null) throw new Error(`it ended with ${vite.exitCode}: ${said}`);
        return await fetch(url).then(
          ({ ok }) => ok,
          () => false,
        );
      },
      LONG,
    );
  });
  after(async () => {
    if (vite?.exitCode === null) {
      vite.kill();
      await once(vite, 'exit');
    }
    await browser?.close();
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('has the console of a running cluster, and shows a change without a reload', async () => {
    const page = await browser.page();
    page.setDefaultTimeout(LONG);
    await signIn(page, url, TOKEN);
    await page.getByText('No soaks yet.').waitFor();
    const file = join(folder, 'console/src/pages/soaks.tsx');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('<h1>Soaks</h1>', '<h1>Soaks as changed</h1>'));
    // A page that was loaded again would ask for the token.
    await page.getByRole('heading', { level: 1, name: 'Soaks as changed' }).waitFor();
    await page.getByText('No soaks yet.').waitFor();
  });
});
