import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { findings } from './axe.ts';
import { Browser, browserIsThere, realConsole, ROWS, SCREENSHOTS } from './console.ts';

/** A console of a cluster: see SignInBrowserTest. There is no mock of it. */
const TOKEN = process.env.MARGAY_TOKEN ?? '';
/** Of ann, who sees the namespace shop and nothing else. */
const NAMESPACE_TOKEN = process.env.MARGAY_NAMESPACE_TOKEN ?? '';
const PROVIDER = process.env.MARGAY_PROVIDER ?? '';
const there = browserIsThere() && realConsole !== null && PROVIDER !== '';

describe.skipIf(!there)('signing in to the console of a cluster', () => {
  let browser: Browser;

  afterEach(() => browser?.close());

  const stranger = async (path: string): Promise<Page> => {
    browser = await Browser.stranger(realConsole!);
    const page = await browser.page(path);
    await page.getByRole('heading', { name: 'Sign in to Margay' }).waitFor();
    return page;
  };

  const signIn = async (page: Page, token: string) => {
    await page.getByLabel(/^Bearer token/).fill(token);
    await page.keyboard.press('Enter');
  };

  /** What must never be kept where scripts, other pages or people looking on can read it. */
  const keepsNothing = async (page: Page, ...secrets: string[]) => {
    const kept = await page.evaluate(() => `${document.cookie} ${JSON.stringify(localStorage)} ${JSON.stringify(sessionStorage)} ${location.href}`);
    for (const secret of ['margay_session', ...secrets]) expect(kept).not.toContain(secret);
  };

  it('takes a token, says of a wrong one that it is wrong, and keeps it nowhere', async () => {
    const page = await stranger('/policies?q=cart');
    expect(await page.getByLabel('Password').count()).toBe(0);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await findings(page)).toEqual([]);
      await page.screenshot({ path: `${SCREENSHOTS}/sign-in-cluster-${colorScheme}.png` });
    }
    await signIn(page, 'wrong-token');
    await page.getByRole('alert').filter({ hasText: 'nobody vouches for this token' }).waitFor();
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await findings(page)).toEqual([]);
    }
    await page.screenshot({ path: `${SCREENSHOTS}/sign-in-refused.png` });
    browser.problems.splice(0); // the browser reports the 401 itself
    await signIn(page, TOKEN);
    await page.waitForSelector('[data-policy]');
    expect(new URL(page.url()).search).toBe('?q=cart');
    await keepsNothing(page, TOKEN);
    await page.reload();
    await page.waitForSelector('[data-policy]');
    expect(browser.problems).toEqual([]);
  });

  it('shows a user what the user’s roles say, and nothing else', async () => {
    const page = await stranger('/');
    await signIn(page, NAMESPACE_TOKEN);
    await page.waitForSelector(ROWS);
    expect(await page.locator(ROWS).filter({ hasText: 'ledger' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Signed in as ann' }).click();
    const user = page.getByRole('dialog', { name: 'Signed in as ann' });
    expect(await user.innerText()).toMatch(/May look, but not change policies[\s\S]*Sees the flows of shop/);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('banner').innerText()).not.toContain('No status');
    browser.problems.splice(0); // the browser reports the 403 of the status itself
    await page.goto(new URL('/policies', realConsole!).href);
    await page.waitForSelector('[data-policy="NetworkPolicy:shop/cart"]');
    expect(await page.locator('[data-policy*="payments/"]').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'New policy' }).isDisabled()).toBe(true);
    await page.goto(new URL('/nodes', realConsole!).href);
    await page.getByText(/ann sees only some/).waitFor();
  });

  it('takes what an identity provider says, and goes on where one wanted to go', async () => {
    const page = await stranger('/policies?q=cart');
    await page.getByRole('link', { name: /organisation/ }).click();
    await page.waitForURL(`${PROVIDER}/**`);
    await page.getByRole('link', { name: 'I am Ann' }).click();
    await page.waitForSelector('[data-policy]');
    const there = new URL(page.url());
    expect(there.origin + there.pathname + there.search).toBe(new URL('/policies?q=cart', realConsole!).href);
    await page.getByRole('button', { name: 'Signed in as ann' }).waitFor();
    await keepsNothing(page, 'code=', 'state=');
    await page.getByRole('button', { name: 'Signed in as ann' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Margay' }).waitFor();
  });

  it.each([
    ['Let me not in', /did not let you in/],
    ['Give a wrong code', /do not agree/],
  ])('says what is wrong after “%s”, and offers to begin again', async (answer, reason) => {
    const page = await stranger('/');
    await page.getByRole('link', { name: /organisation/ }).click();
    await page.getByRole('link', { name: answer }).click();
    await page.getByRole('alert').filter({ hasText: reason }).waitFor();
    await page.getByRole('link', { name: /organisation/ }).waitFor();
  });

  it('repeats nothing that somebody else has put into the address', async () => {
    const page = await stranger('/sign-in?reason=Call+0900+to+unlock');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('main').innerText()).not.toContain('0900');
  });
});
