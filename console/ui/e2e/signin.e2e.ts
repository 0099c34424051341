import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findings } from './axe.ts';
import { Browser, browserIsThere, realConsole, ROWS, SCREENSHOTS, startMock, type Server } from './console.ts';

/** The real console wants a password only if it says so. */
const PASSWORD = realConsole === null ? 'mock password' : (process.env.MARGAY_PASSWORD ?? null);
const USER = process.env.MARGAY_USER ?? 'admin';
/** A link that signs in once. */
const LINK = process.env.MARGAY_LINK ?? null;

describe.skipIf(!browserIsThere() || PASSWORD === null)('signing in', () => {
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    server = realConsole === null ? await startMock({ rate: 20, password: PASSWORD! }) : { url: realConsole, close: () => Promise.resolve() };
  });

  afterEach(() => browser?.close());
  afterAll(() => server?.close());

  it('shows nothing before, says what was wrong, and leads to where one wanted to go', async () => {
    browser = await Browser.stranger(server.url);
    const page = await browser.page('/policies');
    await page.getByRole('heading', { name: 'Sign in to Margay' }).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await findings(page)).toEqual([]);
      await page.screenshot({ path: `${SCREENSHOTS}/sign-in-${colorScheme}.png` });
    }
    await page.getByLabel('Name').fill(USER);
    await page.getByLabel('Password').fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain('wrong');
    await page.getByLabel('Password').fill(PASSWORD!);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-policy]');
    expect(new URL(page.url()).pathname).toBe('/policies');
    expect(page.url()).not.toContain(encodeURIComponent(PASSWORD!));
  });

  it('ends with signing out', async () => {
    browser = await Browser.stranger(server.url);
    if (realConsole !== null) {
      await browser.context.request.post(new URL('/api/v1/session', server.url).href, { data: { user: USER, password: PASSWORD } });
    }
    const page = await browser.page('/');
    await page.waitForSelector(ROWS);
    await page.getByRole('button', { name: /^Signed in as/ }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Margay' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in to Margay' }).waitFor();
  });

  it.skipIf(LINK === null)('works once by a link, which leaves no secret in the address', async () => {
    browser = await Browser.stranger(server.url);
    const page = await browser.page(LINK!);
    await page.waitForSelector(ROWS);
    expect(page.url()).not.toContain('code');
    const again = await Browser.stranger(server.url);
    try {
      const other = await again.page(LINK!);
      await other.getByText(/was used before/).waitFor();
    } finally {
      await again.close();
    }
  });
});
