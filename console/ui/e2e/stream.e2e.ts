import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { findings } from './axe.ts';
import { Browser, browserIsThere, ROWS, SCREENSHOTS } from './console.ts';
import { Line } from './line.ts';

/** Two processes that serve the same flows, as if one had been started anew; and one that misses a shard. See PageBrowserTest. */
const CONSOLE = process.env.MARGAY_LIVELY ?? '';
const ANEW = process.env.MARGAY_ANEW ?? '';
const SHARD = process.env.MARGAY_SHARD ?? '';

const FILTER = '{"actions": ["Deny"], "dest_namespaces": [{"value": "shop", "type": "Exact"}]}';

describe.skipIf(!browserIsThere() || CONSOLE === '')('a browser that loses the stream', () => {
  let line: Line;
  let browser: Browser;

  afterEach(async () => {
    await browser?.close();
    line?.close();
  });

  const openDenied = async (): Promise<Page> => {
    line = await Line.to(CONSOLE);
    browser = await Browser.open(line.url);
    const page = await browser.page('/?verdict=deny&namespace=shop');
    // High enough to draw every row that the tests look for.
    await page.setViewportSize({ width: 1_440, height: 2_600 });
    await page.waitForSelector(ROWS);
    await page.getByText('Live', { exact: true }).waitFor();
    return page;
  };

  const shown = (page: Page) => page.locator(ROWS).evaluateAll((rows) => rows.map((row) => row.id));
  const recorded = async (): Promise<string[]> => {
    const answer = await fetch(new URL(`/api/v1/flows?startTimeGte=-60&limit=1000&filters=${encodeURIComponent(FILTER)}`, CONSOLE));
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { items: { id: string }[] }).items.map(({ id }) => `flow-${id}`);
  };
  const breakOff = async (page: Page) => {
    line.cut();
    await page.getByRole('alert').filter({ hasText: 'No connection since' }).waitFor();
  };

  it('says so, and goes on without a gap', async () => {
    const page = await openDenied();
    await breakOff(page);
    await page.screenshot({ path: `${SCREENSHOTS}/stream-lost.png`, clip: { x: 0, y: 0, width: 1_440, height: 900 } });
    expect(await findings(page)).toEqual([]);
    const before = new Set(await shown(page));
    let missed: string[] = [];
    await expect.poll(async () => (missed = (await recorded()).filter((id) => !before.has(id))).length, { timeout: 30_000 }).toBeGreaterThan(2);
    line.mend(CONSOLE);
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText('Live', { exact: true }).waitFor();
    for (const id of missed) await page.locator(`[id="${id}"]`).waitFor();
    const after = await shown(page);
    expect(new Set(after).size).toBe(after.length);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('says that flows may be missing where the server was started anew', async () => {
    const page = await openDenied();
    await breakOff(page);
    line.mend(ANEW);
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByRole('alert').filter({ hasText: 'Flows are missing from the time of a break: the server was started anew' }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Load again' }).click();
    await page.waitForSelector(ROWS);
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

describe.skipIf(!browserIsThere() || SHARD === '')('a console that shares the flows with others', () => {
  it('names the one that does not answer, on every page that lacks its part', async () => {
    const browser = await Browser.open(SHARD);
    try {
      const page = await browser.page('/');
      const banner = page.getByRole('alert').filter({ hasText: /does not answer \(127\.0\.0\.1:\d+\)/ });
      for (const [key, path] of [['f', '/'], ['g', '/graph'], ['p', '/policies'], ['c', '/compare']] as const) {
        await page.keyboard.press('g');
        await page.keyboard.press(key);
        await expect.poll(() => new URL(page.url()).pathname).toBe(path);
        await banner.waitFor();
      }
      await page.goto(new URL('/', SHARD).href);
      await banner.waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${SCREENSHOTS}/shard-missing-${colorScheme}.png` });
        expect(await findings(page)).toEqual([]);
      }
      expect(browser.problems).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
