import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, browserIsThere, parameter, realConsole, ROWS, startConsole, type Server } from './console.ts';

const NODES = '[data-node]';
/** The mock's cluster has no hosts, and LivelyShop no services. */
const KINDS = realConsole === null ? (['service', 'outside'] as const) : (['host', 'outside'] as const);

describe.skipIf(!browserIsThere())('the other pages', () => {
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

  it('are reached by two keys each', () =>
    browser.on('/', ROWS, async (page) => {
      for (const [key, path] of [['g', '/graph'], ['p', '/policies'], ['c', '/compare'], ['n', '/namespaces'], ['h', '/nodes'], ['f', '/']] as const) {
        await page.keyboard.press('g');
        await page.keyboard.press(key);
        await expect.poll(() => new URL(page.url()).pathname).toBe(path);
        await expect.poll(() => page.locator('nav [aria-current=page]').getAttribute('href')).toBe(path);
      }
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
      await page.keyboard.press('Escape');
      await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    }));

  it('the graph opens a namespace by keyboard, and says in words what it shows', () =>
    browser.on('/graph', NODES, async (page) => {
      const id = (await page.locator(`${NODES}[data-node*="shop"]`).first().getAttribute('data-node'))!;
      await page.keyboard.press('/');
      await page.keyboard.type('shop');
      await page.keyboard.press('Enter');
      await expect.poll(() => parameter(page, 'node')).toBe(id);
      await page.getByRole('complementary', { name: 'Connections' }).getByText('Calls').waitFor();
      await page.keyboard.press('Enter');
      await expect.poll(() => parameter(page, 'open')).toBe('shop');
      await expect.poll(() => page.locator(`${NODES}[data-node*="cart"]`).count()).toBeGreaterThan(0);
      await page.goBack();
      await expect.poll(() => parameter(page, 'open')).toBeNull();
    }));

  it('the graph takes the same filters, and its arrows choose nodes', () =>
    browser.on('/graph?level=workload&verdict=deny', NODES, async (page) => {
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => parameter(page, 'node')).toBeTruthy();
      const first = parameter(page, 'node');
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => parameter(page, 'node')).not.toBe(first);
      await page.keyboard.press('Escape');
      await expect.poll(() => parameter(page, 'node')).toBeNull();
      const list = page.getByRole('complementary', { name: 'Connections' });
      expect(await list.innerText()).toContain('denied');
      await list.getByRole('link', { name: 'Flows' }).first().click();
      await page.waitForSelector(ROWS);
      expect(parameter(page, 'verdict')).toBe('deny');
      expect(parameter(page, 'dest')).toBeTruthy();
    }));

  it('the graph closes a namespace again, with the mouse, too', () =>
    browser.on('/graph?open=shop', `${NODES}[data-node*="cart"]`, async (page) => {
      await page.locator(`${NODES}[data-node*="cart"]`).first().click();
      await page.getByRole('button', { name: 'Close shop' }).first().click();
      await expect.poll(() => page.locator(`${NODES}[data-node*="cart"]`).count()).toBe(0);
      await expect.poll(() => parameter(page, 'open')).toBeNull();
      await page.locator(`${NODES}[data-node*="shop"]`).first().dblclick();
      await expect.poll(() => page.locator(`${NODES}[data-node*="cart"]`).count()).toBeGreaterThan(0);
    }));

  it('the graph shows services, hosts and what is outside', () =>
    browser.on('/graph?level=service', NODES, async (page) => {
      for (const kind of KINDS) await page.waitForSelector(`${NODES}[data-node^="${kind}"]`);
      await page.keyboard.press('1');
      await expect.poll(() => parameter(page, 'level')).toBeNull();
    }));

  it('two times are compared, and each can be chosen', () =>
    browser.on('/compare', 'main', async (page) => {
      await page.getByRole('region', { name: 'Changes' }).or(page.getByText('Nothing changed')).first().waitFor();
      await page.getByRole('button', { name: 'the time just before' }).click();
      await page.getByRole('option', { name: 'the day before' }).click();
      await expect.poll(() => parameter(page, 'before')).toMatch(/_/);
      await page.keyboard.press('a');
      await expect.poll(() => parameter(page, 'all')).toBe('1');
      await page.getByRole('region', { name: 'Changes' }).getByRole('row').nth(1).waitFor();
    }));

  it('a namespace leads to its endpoints, and an endpoint to what decides about it', () =>
    browser.on('/namespaces', 'table', async (page) => {
      await page.getByRole('link', { name: 'shop', exact: true }).click();
      await page.getByRole('heading', { name: 'What reaches it' }).waitFor();
      expect(parameter(page, 'name')).toBe('shop');
      await page.getByRole('complementary', { name: 'What decides' }).getByRole('link').first().waitFor();
      await page.getByRole('complementary', { name: 'Endpoints' }).getByRole('link', { name: /cart/ }).first().click();
      await page.getByRole('complementary', { name: 'What decides' }).getByText('Ingress, about what comes in').waitFor();
      await page.getByRole('region', { name: 'Denied', exact: true }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('heading', { name: 'shop', exact: true }).waitFor();
    }));

  it('a denied flow on an endpoint’s page leads to the reasons', () =>
    browser.on('/endpoint?name=shop%2Fcart-*', 'aside', async (page) => {
      await page.getByRole('main').getByRole('link', { name: 'Why' }).first().click();
      await page.getByRole('complementary', { name: 'Verdict' }).getByTestId('enforced-step').first().waitFor();
    }));

  it('a question about a time is asked by the form, and kept in the address', () =>
    browser.on('/why', 'form', async (page) => {
      await page.getByLabel('From').fill('shop/nobody');
      await page.getByLabel('To', { exact: true }).fill('shop/cart');
      await page.getByLabel('At').fill('2026-01-01T10:00:00');
      await page.keyboard.press('Enter');
      await page.getByText('Nothing is on record about then').waitFor();
      await expect.poll(() => parameter(page, 'from')).toBe('shop/nobody');
      expect(parameter(page, 'at')).toMatch(/^202[56]-/);
      await page.reload();
      await page.getByText('Nothing is on record about then').waitFor();
    }));

  it('unused policies are listed by owner, opened by the keyboard, and exported', () =>
    browser.on('/policies/unused?show=all', 'table', async (page) => {
      await page.getByText('Unused means that no recorded flow met the rule').waitFor();
      await page.getByRole('button', { name: 'Owner' }).click();
      await page.getByRole('option', { name: 'shop', exact: true }).click();
      await expect.poll(() => parameter(page, 'owner')).toBe('shop');
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export CSV' }).click();
      const file = await download;
      expect(file.suggestedFilename()).toBe('unused-policies-shop.csv');
      expect(readFileSync(await file.path(), 'utf8')).toMatch(/^OWNER,TIER,KIND,POLICY,RULE,LAST USED,IN THIS GENERATION,CREATED\nshop,/);
      await page.getByRole('heading', { level: 1 }).click();
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.waitForSelector('[aria-label=Rules]');
      expect(parameter(page, 'key')).toContain('shop/');
    }));

  it('nodes tell how they are', () =>
    browser.on('/nodes', '[aria-label="Flows process"]', async (page) => {
      const node = page.getByRole('region', { name: /^Node / }).first();
      await node.waitFor();
      expect(await node.innerText()).toMatch(/version[\s\S]*dataplane[\s\S]*classes[\s\S]*port tables[\s\S]*median[\s\S]*ms/);
      await node.getByRole('img', { name: /^Changes by time: .* up to 1 ms/ }).waitFor();
      for (const [state, advice] of [['degraded', /Dropped: .*overrun 37/], ['silent', 'Not heard of for a minute']] as const) {
        const other = page.getByRole('region', { name: /^Node / }).filter({ hasText: state });
        await other.getByText(advice).waitFor();
      }
    }));

  it('an address that leads nowhere says so', () =>
    browser.on('/no-such-page', 'main', async (page) => {
      await page.getByText('There is no such page').waitFor();
      await page.getByRole('link', { name: 'The flows' }).click();
      await page.waitForSelector(ROWS);
    }));

  it('have caused no error and asked no other server', () => {
    expect(browser.problems).toEqual([]);
  });
});
