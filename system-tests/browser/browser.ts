import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { REPOSITORY } from '@oversoak/testing/repository';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Debian's package; `npm run setup -- --tests` installs it. */
const CHROMIUM = '/usr/bin/chromium';

/** Kept when the test is over, to be looked at. */
const SCREENS = `${REPOSITORY}.oversoak/screens/`;

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

interface AxeViolation {
  id: string;
  impact: 'minor' | 'moderate' | 'serious' | 'critical' | null;
  nodes: { html: string; failureSummary: string }[];
}

/** A real browser, and all that its pages did wrong. */
export class TestBrowser {
  readonly #browser: Browser;
  /** What was written to a console as an error, or thrown. */
  readonly errors: string[] = [];
  /** Requested addresses. */
  readonly requested: string[] = [];

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<TestBrowser> {
    const args = ['--no-sandbox', '--disable-dev-shm-usage'];
    return new TestBrowser(await chromium.launch({ executablePath: CHROMIUM, args }));
  }

  async page(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width: 1280, height: 900 },
      ...options,
    });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('request', (request) => this.requested.push(request.url()));
    return page;
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}

export async function signIn(page: Page, url: string, token: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('API token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Soaks' }).waitFor();
}

export async function keepScreen(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENS, { recursive: true });
  await page.screenshot({ path: `${SCREENS}${name}.png`, fullPage: true });
}

/** Neither serious nor critical, by WCAG as axe knows it. */
export async function isAccessible(page: Page): Promise<void> {
  // By the debugger's door: the page's own policy forbids scripts from elsewhere.
  await page.evaluate(axeSource);
  const violations = (await page.evaluate(
    'axe.run().then(({ violations }) => violations)',
  )) as AxeViolation[];
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const texts = grave.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`)}`,
  );
  assert.deepEqual(texts, []);
}

/** Nothing is wider than the window but what scrolls by itself. */
export async function fitsWindow(page: Page): Promise<void> {
  const { width, wanted } = await page.evaluate(() => ({
    width: document.documentElement.clientWidth,
    wanted: document.documentElement.scrollWidth,
  }));
  assert.ok(wanted <= width, `${wanted} px are wanted, ${width} are there`);
}
