import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findings } from './axe.ts';
import { Browser, browserIsThere, ROWS, SCREENSHOTS, startConsole, type Server } from './console.ts';

interface Scene {
  readonly name: string;
  readonly path: string;
  readonly ready: string;
  readonly act?: (page: Page) => Promise<void>;
}

const openFirst = async (page: Page) => {
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: /^YAML of/ }).first().waitFor();
};

const SCENES: readonly Scene[] = [
  { name: 'flows', path: '/', ready: ROWS },
  { name: 'verdict', path: '/?verdict=deny', ready: ROWS, act: openFirst },
  {
    name: 'fix',
    path: '/?verdict=deny&dest=shop%2Fcart-*',
    ready: ROWS,
    act: async (page) => {
      await openFirst(page);
      await page.keyboard.press('f');
      await page.getByRole('region', { name: /^Change of/ }).or(page.getByText(/No fix can be proposed|It would be|Policies alone/)).first().waitFor();
    },
  },
  {
    name: 'fresh',
    path: '/',
    ready: ROWS,
    // While a flow is open, new ones do not push it away; a button tells how many there are.
    act: async (page) => {
      await openFirst(page);
      await page.getByRole('button', { name: /new flow/ }).waitFor();
    },
  },
  { name: 'nothing', path: '/?port=9', ready: 'main', act: async (page) => page.getByText('No flow matches').waitFor() },
  { name: 'history', path: '/?range=86400s', ready: ROWS },
  {
    name: 'policy-filter',
    path: '/',
    ready: ROWS,
    act: async (page) => {
      await page.getByRole('button', { name: 'Policy', exact: true }).click();
      await page.getByRole('option').first().waitFor();
    },
  },
  { name: 'graph', path: '/graph', ready: '[data-node]' },
  { name: 'graph-workloads', path: '/graph?level=workload', ready: '[data-node]' },
  { name: 'why-empty', path: '/why', ready: 'form' },
  {
    name: 'why',
    path: '/?verdict=deny&dest=shop%2Fcart-*',
    ready: ROWS,
    act: async (page) => {
      await openFirst(page);
      await page.getByRole('link', { name: 'Judge it by the policies of now' }).click();
      await page.getByRole('button', { name: 'Propose a fix' }).click();
      await page.getByRole('region', { name: /^(In|E)gress at/ }).first().waitFor();
      await page.getByRole('region', { name: 'Proposed change' }).getByRole('heading').first().waitFor();
    },
  },
  {
    name: 'why-then',
    path: '/?verdict=deny&dest=shop%2Fcart-*',
    ready: ROWS,
    act: async (page) => {
      await openFirst(page);
      await page.getByRole('link', { name: 'Other records of then' }).click();
      await page.getByText('Verdicts and chains are those of then').waitFor();
    },
  },
  { name: 'policies', path: '/policies', ready: '[data-policy]' },
  { name: 'policy', path: '/policy?key=NetworkPolicy:shop/cart', ready: '[aria-label=Rules]' },
  { name: 'editor', path: '/policy?key=NetworkPolicy:shop/cart&edit=1', ready: 'textarea', act: async (page) => page.getByText(/^Valid/).waitFor() },
  {
    name: 'editor-traffic',
    path: '/policy?key=NetworkPolicy:shop/cart&edit=1',
    ready: 'textarea',
    act: async (page) => {
      await page.locator('textarea').press('Control+End');
      await page.locator('textarea').type('\n');
      await page.getByRole('button', { name: 'Look at all traffic' }).click();
      await page.getByText('Of all traffic that there could be').waitFor();
    },
  },
  { name: 'unused', path: '/policies/unused?show=all', ready: 'table' },
  { name: 'unused-nothing', path: '/policies/unused?q=no-such-policy', ready: 'main', act: async (page) => page.getByText('No policy matches').waitFor() },
  { name: 'compare', path: '/compare?all=1', ready: '[aria-label=Changes]' },
  { name: 'namespaces', path: '/namespaces', ready: 'table' },
  { name: 'namespace', path: '/namespace?name=shop', ready: 'aside' },
  { name: 'endpoint', path: '/endpoint?name=shop%2Fcart-*', ready: 'aside' },
  { name: 'migrations', path: '/migrations', ready: 'table' },
  { name: 'migrations-nothing', path: '/migrations?q=no-such-machine', ready: 'main', act: async (page) => page.getByText('No migration matches').waitFor() },
  { name: 'nodes', path: '/nodes', ready: '[aria-label="Flows process"]' },
  {
    name: 'help',
    path: '/',
    ready: ROWS,
    act: async (page) => {
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
];

describe.skipIf(!browserIsThere())('the looks of the pages', () => {
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    server = await startConsole();
    browser = await Browser.open(server.url, { reducedMotion: 'reduce' });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it.each(SCENES)('$name is accessible, and fits the window', ({ name, path, ready, act }) =>
      browser.on(path, 'main', async (page) => {
        await page.emulateMedia({ colorScheme });
        await page.waitForSelector(ready);
        await act?.(page);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
        await page.screenshot({ path: `${SCREENSHOTS}/${name}-${colorScheme}.png` });
        expect(await findings(page)).toEqual([]);
      }),
    );
  });

  it.each(['/', '/policies', '/policies/unused', '/why', '/graph', '/compare', '/nodes', '/migrations'])('%s fits a small window, too', (path) =>
    browser.on(path, 'main', async (page) => {
      await page.setViewportSize({ width: 900, height: 700 });
      await page.waitForTimeout(300);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      const right = (selector: string) => page.locator(selector).evaluateAll((elements) => Math.max(0, ...elements.map((element) => element.getBoundingClientRect().right)));
      // A graph is drawn anew to fit.
      expect(await right('[data-node]')).toBeLessThanOrEqual(await right('[role=group]:has([data-node])'));
      await page.screenshot({ path: `${SCREENSHOTS}/${path.slice(1).replace('/', '-') || 'flows'}-small.png` });
    }),
  );

  it('have caused no error and asked no other server', () => {
    expect(browser.problems).toEqual([]);
  });
});
