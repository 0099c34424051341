import { existsSync, mkdtempSync, rmSync } from 'node:fs';
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

/** Whether there is a browser to test with; says aloud if not. */
export function browserIsThere(): boolean {
  if (existsSync(CHROMIUM)) return true;
  console.warn(`SKIPPED: the browser tests of the console need Chromium at ${CHROMIUM} (apt-get install chromium, or set CHROMIUM).`);
  return false;
}

/** The console of MARGAY_URL, or null where the tests bring their own mock. */
export const realConsole: string | null = process.env.MARGAY_URL ?? null;

export interface Server {
  readonly url: string;
  close(): Promise<void>;
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
    private readonly context: BrowserContext,
    private readonly profile: string,
    readonly url: string,
  ) {}

  static async open(url: string, options: BrowserContextOptions = {}): Promise<Browser> {
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
      if (message.type() === 'error' || message.type() === 'warning') this.problems.push(`console ${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.problems.push(`page error: ${error.message}`));
    await page.goto(new URL(path, this.url).href);
    return page;
  }

  async close(): Promise<void> {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
  }
}
