import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, browserIsThere, realConsole, SCREENSHOTS, startMock, type Server } from './console.ts';

/** Data rows that are drawn. */
const ROWS = '[role=rowgroup] [role=row]';

describe.skipIf(!browserIsThere())('the flows page', () => {
  let server: Server | null = null;
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    server = realConsole ? null : await startMock({ rate: 20 });
    browser = await Browser.open(realConsole ?? server!.url);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  async function onPage(path: string, test: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.page(path);
    try {
      await page.waitForSelector(ROWS);
      await test(page);
    } finally {
      await page.close();
    }
  }

  it('fills by itself', () =>
    onPage('/', async (page) => {
      const total = async () => Number((await page.getByTestId('count').innerText()).replace(/\D/g, ''));
      const before = await total();
      expect(before).toBeGreaterThan(0);
      await expect.poll(total, { timeout: 30_000 }).toBeGreaterThan(before);
      expect(await page.getByText('Live', { exact: true }).isVisible()).toBe(true);
    }));

  it('filters by verdict, and keeps that in the address', () =>
    onPage('/', async (page) => {
      await page.getByRole('group', { name: 'Verdict' }).getByRole('button', { name: 'Denied' }).click();
      await expect.poll(() => page.locator(ROWS).filter({ hasText: 'Allowed' }).count()).toBe(0);
      expect(await page.locator(ROWS).first().innerText()).toContain('Denied');
      expect(new URL(page.url()).search).toBe('?verdict=deny');
      await page.reload();
      await page.waitForSelector(ROWS);
      expect(await page.locator(ROWS).filter({ hasText: 'Allowed' }).count()).toBe(0);
    }));

  it.each([
    ['Namespace', 'namespace'],
    ['Policy', 'policy'],
  ])('filters by %s', (label, parameter) =>
    onPage('/', async (page) => {
      await page.getByRole('button', { name: label, exact: true }).click();
      const option = page.getByRole('option').last();
      const chosen = (await option.locator('[title]').getAttribute('title'))!;
      await option.click();
      await page.keyboard.press('Escape');
      await expect.poll(() => page.locator('[role=search]').innerText()).toMatch(/[\d,]+ of [\d,]+/);
      const name = chosen.split('/').at(-1)!;
      expect(new URL(page.url()).searchParams.get(parameter)).toContain(name);
      await page.waitForSelector(ROWS);
    }),
  );

  it('opens the reasons by keyboard alone, and closes them', () =>
    onPage('/?verdict=deny', async (page) => {
      for (const key of ['j', 'ArrowDown', 'k', 'Enter']) await page.keyboard.press(key);
      const panel = page.getByRole('complementary', { name: 'Verdict' });
      await panel.getByText('Denied').first().waitFor();
      await panel.getByTestId('enforced-step').first().waitFor();
      expect(await panel.getByTestId('enforced-step').filter({ hasText: 'Deny' }).count()).toBe(1);
      await panel.getByRole('region', { name: /^YAML of/ }).first().waitFor();
      expect(new URL(page.url()).searchParams.get('flow')).toBeTruthy();
      await page.keyboard.press('Escape');
      await expect.poll(() => panel.count()).toBe(0);
      await page.goBack();
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('/');
      expect(await page.getByLabel('Search in the flows').evaluate((input) => input === document.activeElement)).toBe(true);
    }));

  it('shows the pending verdict beside the enforced one', () =>
    onPage('/?pending=differs', async (page) => {
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      const panel = page.getByRole('complementary', { name: 'Verdict' });
      await panel.getByText('Would decide').waitFor();
      expect(await panel.getByTestId('pending-step').count()).toBeGreaterThan(0);
      expect(await panel.getByText(/If the staged policies were enforced/).isVisible()).toBe(true);
    }));

  it('pauses and goes on', () =>
    onPage('/', async (page) => {
      await page.keyboard.press('p');
      await page.getByText(/^Paused/).waitFor();
      const count = page.getByTestId('count');
      const before = await count.innerText();
      await page.getByText(/waiting/).waitFor({ timeout: 30_000 });
      expect(await count.innerText()).toBe(before);
      await page.keyboard.press('p');
      await expect.poll(() => count.innerText(), { timeout: 30_000 }).not.toBe(before);
    }));

  it('says when nothing matches, and how to go on', () =>
    onPage('/', async (page) => {
      await page.getByLabel('Search in the flows').fill('no-such-thing-anywhere');
      await page.getByText('No flow matches').waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.waitForSelector(ROWS);
    }));

  it.each(['light', 'dark'] as const)('can be looked at in %s', (colorScheme) =>
    onPage('/', async (page) => {
      await page.emulateMedia({ colorScheme });
      for (const [width, height] of [[1440, 900], [900, 700]] as const) {
        await page.setViewportSize({ width, height });
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
        await page.screenshot({ path: `${SCREENSHOTS}/flows-${colorScheme}-${width}.png` });
      }
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.getByRole('region', { name: /^YAML of/ }).first().waitFor();
      await page.screenshot({ path: `${SCREENSHOTS}/verdict-${colorScheme}.png` });
    }),
  );

  it('has caused no error and asked no other server', () => {
    expect(browser.problems).toEqual([]);
  });
});

describe.skipIf(!browserIsThere())('the flows page in unusual weather', () => {
  it('draws a hundred thousand flows a screenful at a time', async () => {
    const server = await startMock({ backlog: 100_000, rate: 40 });
    const browser = await Browser.open(server.url);
    try {
      const page = await browser.page();
      await expect.poll(() => page.locator('[role=grid]').getAttribute('aria-rowcount'), { timeout: 50_000 }).toBe('100001');
      const frames = await scrollThrough(page);
      console.info(`100,000 flows, scrolling: ${frames.count} frames, median ${frames.median.toFixed(1)} ms, longest ${frames.longest.toFixed(1)} ms`);
      expect(await page.locator(ROWS).count()).toBeLessThan(120);
      // Long enough for a slow machine; a list that is drawn as a whole takes seconds.
      expect(frames.median).toBeLessThan(100);
      await page.keyboard.press('End');
      await expect.poll(() => page.locator(`${ROWS}[aria-rowindex="100001"]`).count()).toBe(1);
      expect(browser.problems).toEqual([]);
    } finally {
      await browser.close();
      await server.close();
    }
  });

  it('says that a quiet cluster is quiet', async () => {
    const server = await startMock({ silent: true });
    const browser = await Browser.open(server.url);
    try {
      const page = await browser.page();
      await page.getByText('No flows yet').waitFor();
    } finally {
      await browser.close();
      await server.close();
    }
  });

  it('says that the server is gone, keeps what it has, and comes back', async () => {
    let server = await startMock({ rate: 20 });
    const browser = await Browser.open(server.url);
    try {
      const page = await browser.page();
      await page.waitForSelector(ROWS);
      await page.route('**/api/v1/flows/stream*', (route) => route.fulfill({ status: 503, body: '{"error":"starting up"}' }));
      await page.reload();
      await page.getByRole('alert').filter({ hasText: 'the server answers 503: starting up' }).waitFor();
      await page.getByText('The console does not answer').waitFor();
      await page.unroute('**/api/v1/flows/stream*');
      await page.getByRole('button', { name: 'Try now' }).click();
      await page.waitForSelector(ROWS);
      await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    } finally {
      await browser.close();
      await server.close();
    }
  });
});

/** Scrolls down the whole list in a hundred steps, one for each frame, and measures the frames. */
function scrollThrough(page: Page): Promise<{ count: number; median: number; longest: number }> {
  return page.evaluate(async () => {
    const list = [...document.querySelectorAll<HTMLElement>('[role=grid] *')].find((element) => element.scrollHeight > 100_000 && element.clientHeight < 2_000)!;
    const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const times: number[] = [];
    let last = await nextFrame();
    for (let step = 0; step < 100; step++) {
      list.scrollTop += list.scrollHeight / 100;
      const now = await nextFrame();
      times.push(now - last);
      last = now;
    }
    times.sort((a, b) => a - b);
    return { count: times.length, median: times[50]!, longest: times[99]! };
  });
}
