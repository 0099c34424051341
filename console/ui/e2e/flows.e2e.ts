import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, browserIsThere, parameter, ROWS, startConsole, type Server } from './console.ts';

describe.skipIf(!browserIsThere())('the flows page', () => {
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    server = await startConsole();
    browser = await Browser.open(server.url);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const onPage = (path: string, test: (page: Page) => Promise<void>) => browser.on(path, ROWS, test);

  it('fills by itself', () =>
    onPage('/', async (page) => {
      const total = async () => Number((await page.getByTestId('count').innerText()).replace(/\D/g, ''));
      const before = await total();
      expect(before).toBeGreaterThan(0);
      await expect.poll(total, { timeout: 30_000 }).toBeGreaterThan(before);
      await page.getByText('Live', { exact: true }).waitFor();
    }));

  it('filters by verdict, and keeps that in the address', () =>
    onPage('/', async (page) => {
      await page.getByRole('group', { name: 'Verdict', exact: true }).getByRole('button', { name: 'Denied' }).click();
      await expect.poll(() => page.locator(ROWS).filter({ hasText: 'Allowed' }).count()).toBe(0);
      expect(await page.locator(ROWS).first().innerText()).toContain('Denied');
      await expect.poll(() => new URL(page.url()).search).toBe('?verdict=deny');
      await page.reload();
      await page.waitForSelector(ROWS);
      expect(await page.locator(ROWS).filter({ hasText: 'Allowed' }).count()).toBe(0);
    }));

  it.each([
    ['Namespace', 'namespace'],
    ['Source', 'source'],
    ['Destination', 'dest'],
    ['Port', 'port'],
    ['Policy', 'policy'],
  ])('filters by %s', (label, name) =>
    onPage('/', async (page) => {
      const all = Number((await page.getByTestId('count').innerText()).replace(/\D/g, ''));
      expect(all).toBeGreaterThan(0);
      await page.getByRole('search').getByRole('button', { name: label, exact: true }).click();
      const option = page.getByRole('option').first();
      const chosen = (await option.locator('[title]').getAttribute('title'))!;
      await option.click();
      await page.keyboard.press('Escape');
      await page.getByRole('list', { name: 'Chosen filters' }).waitFor();
      await expect.poll(() => parameter(page, name)).toContain(chosen.split('/').at(-1)!);
      await page.waitForSelector(ROWS);
      await page.getByRole('button', { name: /^Drop / }).click();
      await expect.poll(() => parameter(page, name)).toBeNull();
    }),
  );

  it('takes what is typed into a filter, and says what cannot be one', () =>
    onPage('/', async (page) => {
      await page.getByRole('search').getByRole('button', { name: 'Port', exact: true }).click();
      await page.keyboard.type('99999');
      await page.getByText(/A port is a number up to 65535/).waitFor();
      await page.getByLabel('Find port').fill('7070');
      await page.keyboard.press('End');
      await page.getByRole('option', { name: /:7070/ }).first().click();
      await page.keyboard.press('Escape');
      await expect.poll(() => parameter(page, 'port')).toContain(':7070');
    }));

  it('filters by staged verdict and by reporter', () =>
    onPage('/', async (page) => {
      await page.getByRole('search').getByRole('button', { name: 'Staged verdict' }).click();
      await page.getByRole('option', { name: 'Staged would differ' }).click();
      await expect.poll(() => parameter(page, 'pending')).toBe('differs');
      await page.getByRole('search').getByRole('button', { name: 'Reporter' }).click();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await expect.poll(() => parameter(page, 'reporter')).toBe('dst');
      await page.waitForSelector(ROWS);
    }));

  it('filters by kind, tier, namespace and name of a policy, all of which must hold', () =>
    onPage('/', async (page) => {
      await page.getByRole('search').getByRole('button', { name: 'Policy', exact: true }).click();
      const group = page.getByRole('group', { name: 'Or all of' });
      await group.getByLabel('Kind').selectOption('NetworkPolicy');
      await group.getByLabel('Tier').selectOption('default');
      await group.getByLabel('Namespace').selectOption('shop');
      await group.locator('label', { hasText: /^Name(?!space)/ }).locator('select').selectOption('cart');
      await group.getByRole('button', { name: 'Add this group' }).click();
      await page.keyboard.press('Escape');
      await expect.poll(() => parameter(page, 'policy')).toBe('NetworkPolicy/default/shop/cart');
      await page.waitForSelector(ROWS);
      expect(await page.locator(ROWS).filter({ hasNotText: 'cart' }).count()).toBe(0);
    }));

  it('goes to another time by its name and by keys', () =>
    onPage('/', async (page) => {
      await page.getByRole('group', { name: 'Time', exact: true }).getByRole('button', { name: 'Last 1 h' }).click();
      await page.getByRole('option', { name: 'Last 1 day' }).click();
      await expect.poll(() => parameter(page, 'range')).toBe('86400s');
      await page.getByText('From the history').waitFor();
      await page.keyboard.press('[');
      await expect.poll(() => parameter(page, 'range')).toMatch(/_/);
      await page.keyboard.press('l');
      await expect.poll(() => parameter(page, 'range')).toBeNull();
    }));

  it('opens the reasons by keyboard alone, and closes them', () =>
    onPage('/?verdict=deny', async (page) => {
      for (const key of ['j', 'ArrowDown', 'k', 'Enter']) await page.keyboard.press(key);
      const panel = page.getByRole('complementary', { name: 'Verdict' });
      await panel.getByText('Denied').first().waitFor();
      await panel.getByTestId('enforced-step').first().waitFor();
      expect(await panel.getByTestId('enforced-step').filter({ hasText: 'Deny' }).count()).toBe(1);
      await panel.getByRole('region', { name: /^YAML of/ }).first().waitFor();
      await expect.poll(() => parameter(page, 'flow')).toBeTruthy();
      await page.keyboard.press('Escape');
      await expect.poll(() => panel.count()).toBe(0);
      await page.keyboard.press('/');
      expect(await page.getByLabel('Search in the flows').evaluate((input) => input === document.activeElement)).toBe(true);
    }));

  it('leads from a denied call to its rule in at most three interactions', () =>
    onPage('/', async (page) => {
      let interactions = 0;
      const click = async (target: ReturnType<Page['locator']>) => {
        interactions++;
        await target.click();
      };
      await click(page.getByRole('region', { name: 'Overview' }).getByRole('button', { name: /^Denied/ }));
      await expect.poll(() => page.locator(ROWS).filter({ hasText: 'Allowed' }).count()).toBe(0);
      await click(page.locator(ROWS).first());
      await page.getByRole('region', { name: /^YAML of/ }).first().waitFor();
      expect(interactions).toBeLessThanOrEqual(3);
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

  it('shows a flow as a table and as JSON, and keeps the tab in the address', () =>
    onPage('/', async (page) => {
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.getByRole('tab', { name: 'Details' }).click();
      await page.getByRole('heading', { name: 'Enforced' }).waitFor();
      await page.getByRole('heading', { name: 'Pending, with staged policies' }).waitFor();
      await page.getByRole('tab', { name: 'JSON' }).click();
      const json = page.getByRole('region', { name: 'The flow as JSON' });
      await json.waitFor();
      expect(await json.innerText()).toContain('"policies"');
      await expect.poll(() => parameter(page, 'tab')).toBe('json');
      await page.reload();
      await json.waitFor();
    }));

  it('keeps the choice and the order of columns', () =>
    onPage('/', async (page) => {
      const heads = () => page.getByRole('columnheader').allInnerTexts();
      await page.getByRole('button', { name: 'Columns' }).click();
      await page.getByRole('checkbox', { name: 'Reporter' }).uncheck();
      await page.getByRole('checkbox', { name: 'Bytes' }).focus();
      await page.keyboard.press('Alt+ArrowUp');
      await page.keyboard.press('Escape');
      const chosen = await heads();
      expect(chosen).not.toContain('Reporter');
      expect(chosen.indexOf('Bytes')).toBeLessThan(chosen.indexOf('Decided by'));
      await page.reload();
      await page.waitForSelector(ROWS);
      expect(await heads()).toEqual(chosen);
      await page.getByRole('button', { name: 'Columns' }).click();
      await page.getByRole('button', { name: 'As in Whisker' }).click();
      expect(await heads()).toContain('Source namespace');
      await page.getByRole('button', { name: 'Usual columns' }).click();
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

  it('goes back in time by dragging over the strip, and comes back to now', () =>
    onPage('/', async (page) => {
      const strip = page.getByRole('group', { name: /^Flows over time/ });
      await expect.poll(() => strip.locator('rect').count()).toBeGreaterThan(0);
      const box = (await strip.boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.8, box.y + 10);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width - 1, box.y + 14, { steps: 4 });
      await page.mouse.up();
      await expect.poll(() => parameter(page, 'range')).toMatch(/^20.*_20/);
      await page.getByText('From the history').waitFor();
      await page.waitForSelector(ROWS);
      await page.keyboard.press('-');
      await page.getByText('From the history').waitFor();
      await page.keyboard.press('l');
      await page.getByText('Live', { exact: true }).first().waitFor();
      await expect.poll(() => parameter(page, 'range')).toBeNull();
      await page.goBack();
      await expect.poll(() => parameter(page, 'range')).toMatch(/_/);
    }));

  it('marks a time on the strip by keyboard', () =>
    onPage('/', async (page) => {
      const strip = page.getByRole('group', { name: /^Flows over time/ });
      await expect.poll(() => strip.locator('rect').count()).toBeGreaterThan(0);
      await strip.focus();
      for (const key of ['ArrowLeft', 'Shift+ArrowLeft', 'Shift+ArrowLeft', 'Enter']) await page.keyboard.press(key);
      await expect.poll(() => parameter(page, 'range')).toMatch(/_/);
    }));

  it('says when nothing matches, and how to go on', () =>
    onPage('/', async (page) => {
      await page.getByLabel('Search in the flows').fill('no-such-thing-anywhere');
      await page.getByText('No flow matches').waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.waitForSelector(ROWS);
    }));

  it('has caused no error and asked no other server', () => {
    expect(browser.problems).toEqual([]);
  });
});
