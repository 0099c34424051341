import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { preview } from 'vite';
import { mockApi, type MockOptions } from '../mock/plugin.ts';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

const CONTENT_SECURITY_POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Screenshots are for people to look at; target/ is not committed. */
export const SCREENSHOTS = fileURLToPath(new URL('../../target/screenshots', import.meta.url));
mkdirSync(SCREENSHOTS, { recursive: true });

/** Data rows of the list of flows that are drawn. */
export const ROWS = '[role=rowgroup] [role=row]';

/** Whether there is a browser to test with; says aloud if not. */
export function browserIsThere(): boolean {
  if (existsSync(CHROMIUM)) return true;
  console.warn(`SKIPPED: the browser tests of the console need Chromium at ${CHROMIUM} (apt-get install chromium, or set CHROMIUM).`);
  return false;
}

/** The console to test, and who may sign in there; null where the tests bring their own mock. */
export const realConsole: string | null = process.env.MARGAY_URL ?? null;

const USER = process.env.MARGAY_USER ?? 'admin';
const PASSWORD = process.env.MARGAY_PASSWORD ?? null;

export interface Server {
  readonly url: string;
  close(): Promise<void>;
}

/** The real console if there is one, else a mock. */
export async function startConsole(options: MockOptions = { rate: 20 }): Promise<Server> {
  return realConsole === null ? startMock(options) : { url: realConsole, close: () => Promise.resolve() };
}

/** The built page over a made-up cluster, on a free port of the loopback address. */
export async function startMock(options: MockOptions): Promise<Server> {
  const server = await preview({
    root: fileURLToPath(new URL('..', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    // As strict as the real console, so that a violation shows up here too.
    preview: { host: '127.0.0.1', port: 0, headers: { 'Content-Security-Policy': CONTENT_SECURITY_POLICY } },
    plugins: [mockApi(options)],
  });
  const address = server.httpServer.address();
  if (!address || typeof address === 'string') throw new Error('the mock server has no port');
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}

/** A browser with a profile of its own, and a record of what must not happen. */
export class Browser {
  readonly problems: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    private readonly profile: string,
    readonly url: string,
  ) {}

  /** Opens a browser that is signed in, if the console wants that. */
  static async open(url: string, options: BrowserContextOptions = {}): Promise<Browser> {
    const browser = await Browser.stranger(url, options);
    if (PASSWORD !== null && url === realConsole) {
      const answer = await browser.context.request.post(new URL('/api/v1/session', url).href, { data: { user: USER, password: PASSWORD } });
      if (!answer.ok()) throw new Error(`cannot sign in: ${await answer.text()}`);
    }
    return browser;
  }

  /** Opens a browser of somebody who has not signed in. */
  static async stranger(url: string, options: BrowserContextOptions = {}): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), 'margay-e2e-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM,
      viewport: { width: 1440, height: 900 },
      ...options,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    context.setDefaultTimeout(20_000);
    const browser = new Browser(context, profile, url);
    const origin = new URL(url).origin;
    context.on('request', (request) => {
      const target = new URL(request.url());
      if (target.protocol.startsWith('http') && target.origin !== origin) browser.problems.push(`request to ${target.origin}`);
    });
    return browser;
  }

  /** Opens the page; errors on its console count as problems. */
  async page(path = '/'): Promise<Page> {
    const page = await this.context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.problems.push(`console ${message.type()}: ${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => this.problems.push(`page error: ${error.message}`));
    await page.goto(new URL(path, this.url).href);
    return page;
  }

  /** Opens the page, waits until something is there, and closes it after the test. */
  async on(path: string, ready: string, test: (page: Page) => Promise<void>): Promise<void> {
    const page = await this.page(path);
    try {
      await page.waitForSelector(ready);
      await test(page);
    } finally {
      await page.close();
    }
  }

  async close(): Promise<void> {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
  }
}

/** The value of a parameter in the page's address. */
export function parameter(page: Page, name: string): string | null {
  return new URL(page.url()).searchParams.get(name);
}
