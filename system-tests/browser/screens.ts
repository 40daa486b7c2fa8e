// Takes the pictures of the README: the console with a real soak of the demo, under Wine.
import { mkdir, readFile } from 'node:fs/promises';
import { REPOSITORY } from '@oversoak/testing/repository';
import { until } from '@oversoak/testing/waiting/until';
import { ApiClient } from 'oversoak/api/client';
import { Cluster } from 'oversoak/cluster';
import { readConfig } from 'oversoak/shell/config';
import type { Page } from 'playwright-core';
import { signIn, TestBrowser } from './browser.ts';

const FOLDER = `${REPOSITORY}docs/images/`;
const VIEW = { width: 1100, height: 760 };
/** Long enough for lines to be seen in the plots of a run. */
const LIVE_MS = 9000;
const DONE_MS = 900_000;

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${FOLDER}${name}.png` });
  console.log(`docs/images/${name}.png`);
}

async function screens(page: Page, client: ApiClient, url: string, token: string): Promise<void> {
  const text = await readFile(`${REPOSITORY}presets/demo.yaml`, 'utf8');
  await signIn(page, url, token);
  const { soakId } = await client.submit({ text, contentType: 'application/yaml' });
  await page.goto(`${url}/#/soaks/${soakId}`);
  await until(
    'the second run measures',
    async () => (await client.soak(soakId)).runs[1]?.state === 'measuring',
    DONE_MS,
  );
  await page.waitForTimeout(LIVE_MS);
  await take(page, 'console-live');
  await until('it is done', async () => (await client.soak(soakId)).state === 'done', DONE_MS);
  const plot = page.getByRole('heading', { level: 2, name: 'Latency by percentile' });
  await plot.waitFor({ timeout: DONE_MS });
  await take(page, 'console-results');
  await plot.scrollIntoViewIfNeeded();
  await plot.evaluate((element) => element.parentElement?.scrollIntoView());
  await take(page, 'console-percentiles');
}

await mkdir(FOLDER, { recursive: true });
const environment = readConfig().environment;
const cluster = await Cluster.create({ port: 0, environment, servers: ['windows'] });
const browser = await TestBrowser.start();
try {
  const address = await cluster.start(cluster.lost);
  const page = await browser.page({ viewport: VIEW });
  await screens(page, new ApiClient(address), address.url, address.token);
} finally {
  await browser.close();
  await cluster.stop();
}
