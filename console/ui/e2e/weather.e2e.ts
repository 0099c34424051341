import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { Browser, browserIsThere, realConsole, ROWS, SCREENSHOTS, startMock, type Server } from './console.ts';

/** How many flows the real console holds, if that is many; else the mock makes as many. */
const REAL_ROWS = Number(process.env.MARGAY_ROWS ?? 0);
const MANY = 100_000;

describe.skipIf(!browserIsThere())('the console in unusual weather', () => {
  async function withMock(options: Parameters<typeof startMock>[0], test: (server: Server, browser: Browser) => Promise<void>): Promise<void> {
    const server = await startMock(options);
    const browser = await Browser.open(server.url);
    try {
      await test(server, browser);
    } finally {
      await browser.close();
      await server.close();
    }
  }

  it.skipIf(realConsole !== null && REAL_ROWS < MANY)('scrolls a hundred thousand flows as fluently as a thousand', async () => {
    const few = await scrolling({ backlog: 1_000, rate: 40 }, 1_000, null);
    const many = await scrolling({ backlog: MANY, rate: 40 }, MANY, REAL_ROWS >= MANY ? realConsole : null);
    console.info(`scrolling a thousand flows: ${told(few)}; a hundred thousand: ${told(many)}`);
    // Compared within one run: the machine may be slow, but the length of the list must not matter. A browser
    // draws in steps of 17 ms, so that one step more may be twice as much.
    expect(many.median).toBeLessThan(Math.max(2 * few.median, few.median + 25));
    expect(many.longTaskShare - few.longTaskShare).toBeLessThan(0.25);
  }, 180_000);

  async function scrolling(options: Parameters<typeof startMock>[0], rows: number, url: string | null): Promise<Frames> {
    const mock = url === null ? await startMock(options) : null;
    const browser = await Browser.open(url ?? mock!.url);
    try {
      const page = await browser.page('/');
      const count = async () => Number(await page.locator('[role=grid]').getAttribute('aria-rowcount'));
      await expect.poll(count, { timeout: 90_000 }).toBeGreaterThanOrEqual(rows);
      await page.waitForTimeout(1_000);
      const frames = await calmest(page);
      expect(await page.locator(ROWS).count()).toBeLessThan(120);
      await page.keyboard.press('End');
      await expect.poll(async () => page.locator(`${ROWS}[aria-rowindex="${await count()}"]`).count(), { timeout: 20_000 }).toBe(1);
      expect(browser.problems).toEqual([]);
      return frames;
    } finally {
      await browser.close();
      await mock?.close();
    }
  }

  it('draws a graph of two hundred workloads whose names can be read', () =>
    withMock({ graphNodes: 200 }, async (_, browser) => {
      const page = await browser.page('/graph?level=workload');
      await expect.poll(() => page.locator('[data-node]').count()).toBe(200);
      const heights = await page.locator('[data-node] text').evaluateAll((texts) => texts.map((text) => text.getBoundingClientRect().height));
      expect(Math.min(...heights)).toBeGreaterThan(7);
      const boxes = await page.locator('[data-node] rect').evaluateAll((rects) => rects.map((rect) => rect.getBoundingClientRect()));
      const overlapping = boxes.filter((a, i) => boxes.some((b, j) => j > i && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom));
      expect(overlapping.length).toBe(0);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${SCREENSHOTS}/graph-200-${colorScheme}.png` });
      }
    }),
  );

  it('says that a quiet cluster is quiet, and what to do', () =>
    withMock({ silent: true }, async (_, browser) => {
      const page = await browser.page('/');
      await page.getByText('No flows yet').waitFor();
      await page.screenshot({ path: `${SCREENSHOTS}/flows-quiet.png` });
      await page.goto(new URL('/graph', browser.url).href);
      await page.getByText('Nobody talked to anybody').waitFor();
    }),
  );

  it('says that the server is gone, keeps what it has, and comes back', () =>
    withMock({ rate: 20 }, async (_, browser) => {
      const page = await browser.page('/');
      await page.waitForSelector(ROWS);
      await page.route('**/api/v1/flows/stream*', (route) => route.fulfill({ status: 503, body: '{"error":"starting up"}' }));
      await page.reload();
      await page.getByRole('alert').filter({ hasText: 'the server answers 503: starting up' }).waitFor();
      await page.getByText('The console does not answer').waitFor();
      await page.unroute('**/api/v1/flows/stream*');
      await page.getByRole('button', { name: 'Try now' }).click();
      await page.waitForSelector(ROWS);
      await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    }),
  );
});

interface Frames {
  readonly count: number;
  /** Milliseconds. */
  readonly median: number;
  readonly longest: number;
  /** The share of the time that went into tasks of more than 50 ms. */
  readonly longTaskShare: number;
}

function told({ median, longest, longTaskShare }: Frames): string {
  return `median frame ${median.toFixed(1)} ms, longest ${longest.toFixed(1)} ms, ${(100 * longTaskShare).toFixed(0)} % in long tasks`;
}

/** The best of three rounds: what else the machine does at the time is not the list's fault. */
async function calmest(page: Page): Promise<Frames> {
  const rounds = [await scrollThrough(page), await scrollThrough(page), await scrollThrough(page)];
  return rounds.reduce((best, round) => (round.median < best.median ? round : best));
}

/**
 * Scrolls to a hundred places all over the list, one for each frame, and measures the frames. Each place
 * is far from the one before, so that lists of any length have a whole screen to draw.
 */
function scrollThrough(page: Page): Promise<Frames> {
  return page.evaluate(async () => {
    const list = [...document.querySelectorAll<HTMLElement>('[role=grid] *')].find((element) => element.scrollHeight > 20_000 && element.clientHeight < 2_000)!;
    const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    let long = 0;
    const observer = new PerformanceObserver((entries) => entries.getEntries().forEach((entry) => (long += entry.duration)));
    observer.observe({ type: 'longtask' });
    const times: number[] = [];
    const begin = await nextFrame();
    let last = begin;
    for (let step = 0; step < 100; step++) {
      list.scrollTop = ((step * 0.37) % 1) * (list.scrollHeight - list.clientHeight);
      const now = await nextFrame();
      times.push(now - last);
      last = now;
    }
    observer.disconnect();
    times.sort((a, b) => a - b);
    return { count: times.length, median: times[50]!, longest: times[99]!, longTaskShare: long / (last - begin) };
  });
}
