import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, browserIsThere, parameter, ROWS, startConsole, type Server } from './console.ts';

const CARDS = '[data-policy]';

/** Written by the tests themselves, so that they know what is there; it selects nobody. */
const DRAFT = `apiVersion: projectcalico.org/v3
kind: StagedNetworkPolicy
metadata:
  name: written-by-a-test
  namespace: shop
spec:
  tier: default
  order: 3000
  selector: app == 'nobody'
  types: [Ingress]
  ingress:
    - action: Deny
`;

describe.skipIf(!browserIsThere())('policies', () => {
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

  const onBoard = (path: string, test: (page: Page) => Promise<void>) => browser.on(path, CARDS, test);
  const names = (page: Page) => page.locator(CARDS).evaluateAll((cards) => cards.map((card) => card.getAttribute('data-policy')!));

  it('proposes a fix for a denied flow, and stages it in one click', () =>
    browser.on('/?verdict=deny&dest=shop%2Fcart-*', ROWS, async (page) => {
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.getByRole('tab', { name: 'Propose a fix' }).click();
      await expect.poll(() => parameter(page, 'tab')).toBe('fix');
      await page.getByRole('region', { name: /^Change of/ }).first().waitFor();
      await page.getByRole('button', { name: 'Staged policy' }).first().click();
      expect(await page.getByRole('region', { name: /^Staged YAML of/ }).first().innerText()).toContain('Staged');
      await page.getByRole('button', { name: 'Stage it' }).click();
      await page.getByText('Staged.', { exact: true }).waitFor();
      await page.getByRole('status').getByRole('link').first().click();
      await page.getByRole('button', { name: 'Enforce …' }).waitFor();
      await page.goto(new URL('/policies?show=staged', server.url).href);
      await page.waitForSelector(CARDS);
      expect((await names(page)).some((name) => name.startsWith('Staged'))).toBe(true);
    }));

  it('shows tiers as columns in the order of evaluation, with counts', () =>
    onBoard('/policies', async (page) => {
      const tiers = await page.locator('[data-board] > section').evaluateAll((columns) => columns.map((column) => column.getAttribute('aria-label')!));
      expect(tiers.length).toBeGreaterThan(1);
      expect(tiers.indexOf('Tier default')).toBeGreaterThan(tiers.indexOf('Tier platform'));
      expect(await page.locator(CARDS).first().innerText()).toMatch(/allow[\s\S]*deny[\s\S]*pass/);
    }));

  it('narrows the board, and keeps that in the address', () =>
    onBoard('/policies', async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('cart');
      await expect.poll(async () => (await names(page)).every((name) => name.includes('cart'))).toBe(true);
      await expect.poll(() => parameter(page, 'q')).toBe('cart');
      await page.keyboard.press('Escape');
      await page.keyboard.press('x');
      await expect.poll(() => parameter(page, 'q')).toBeNull();
    }));

  it('leads by arrow keys from card to card, and opens one', () =>
    onBoard('/policies', async (page) => {
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Rules, and what they did' }).waitFor();
      expect(parameter(page, 'key')).toMatch(/^\w+:/);
      await page.keyboard.press('Escape');
      await page.waitForSelector(CARDS);
    }));

  it('checks a text while it is written, and says what is wrong where', () =>
    browser.on('/policy?new=1', 'textarea', async (page) => {
      const editor = page.getByLabel('YAML of the policy');
      await editor.fill(DRAFT.replace('order: 3000', 'order: many'));
      const check = page.getByRole('region', { name: 'Check and effect' });
      await check.getByText(/thing(s are| is) wrong/).waitFor();
      expect(await check.innerText()).toContain('spec.order');
      expect(await page.getByRole('button', { name: 'Save the staged policy' }).isDisabled()).toBe(true);
      await editor.fill(DRAFT);
      await check.getByText('Valid. What it would do:').waitFor();
      await check.getByText(/Governs/).waitFor();
      await page.getByRole('button', { name: 'Save the staged policy' }).click();
      await page.getByRole('heading', { name: 'shop/written-by-a-test', exact: true }).waitFor();
    }));

  it('edits, and shows the text before and after', () =>
    onBoard('/policies?q=written-by-a-test', async (page) => {
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('e');
      const editor = page.getByLabel('YAML of the policy');
      await editor.waitFor();
      await editor.fill((await editor.inputValue()).replace('3000', '3100'));
      const diff = page.getByRole('region', { name: 'Change of the text' });
      await diff.waitFor();
      expect(await diff.innerText()).toContain('3100');
      await page.getByRole('button', { name: 'Save the staged policy' }).click();
      await page.getByRole('heading', { name: 'Rules, and what they did' }).waitFor();
      await page.getByRole('button', { name: 'Whole text' }).click();
      await expect.poll(() => page.getByRole('region', { name: 'YAML of the policy' }).innerText()).toContain('3100');
    }));

  it('moves a policy within its tier by keyboard', () =>
    onBoard('/policies', async (page) => {
      const mine = (all: readonly string[]) => all.findIndex((name) => name.includes('written-by-a-test'));
      const before = mine(await names(page));
      await page.locator(`${CARDS}[data-policy*="written-by-a-test"] a`).focus();
      await page.keyboard.press('Shift+ArrowUp');
      await expect.poll(async () => mine(await names(page)), { timeout: 15_000 }).toBeLessThan(before);
    }));

  it('moves a policy within its tier by dragging', () =>
    onBoard('/policies', async (page) => {
      const mine = (all: readonly string[]) => all.findIndex((name) => name.includes('written-by-a-test'));
      const before = mine(await names(page));
      const card = page.locator(`${CARDS}[data-policy*="written-by-a-test"]`);
      const column = page.locator('[data-board] > section').filter({ has: card });
      await card.dragTo(column.locator(CARDS).first(), { targetPosition: { x: 40, y: 6 } });
      await expect.poll(async () => mine(await names(page)), { timeout: 15_000 }).toBeLessThan(before);
    }));

  it('enforces a staged policy after showing the effect, and stages its deletion', () =>
    browser.on('/policy?key=StagedNetworkPolicy:shop/written-by-a-test', '[aria-label=Rules]', async (page) => {
      await page.getByRole('button', { name: 'Enforce …' }).click();
      const question = page.getByRole('dialog');
      await question.getByText(/Governs/).waitFor();
      await question.getByRole('button', { name: 'Enforce', exact: true }).click();
      await page.getByText('NetworkPolicy (Calico)').waitFor();
      expect(parameter(page, 'key')).toBe('CalicoNetworkPolicy:shop/written-by-a-test');
      await page.getByRole('button', { name: 'Stage deletion …' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Stage the deletion' }).click();
      await page.getByRole('heading', { name: 'shop/written-by-a-test', exact: true }).waitFor();
      await expect.poll(() => parameter(page, 'key')).toBe('StagedNetworkPolicy:shop/written-by-a-test');
    }));

  it('deletes after showing the effect', async () => {
    for (const kind of ['StagedNetworkPolicy', 'CalicoNetworkPolicy']) {
      await browser.on(`/policy?key=${kind}:shop/written-by-a-test`, '[aria-label=Rules]', async (page) => {
        await page.getByRole('button', { name: 'Delete …' }).click();
        await page.getByRole('dialog').getByText(/Governs/).waitFor();
        await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
        await page.waitForSelector(CARDS);
        await expect.poll(async () => (await names(page)).includes(`${kind}:shop/written-by-a-test`)).toBe(false);
      });
    }
  });

  it('says that a policy is not there, and what that means', () =>
    browser.on('/policy?key=GlobalNetworkPolicy:no-such-policy', 'main', async (page) => {
      await page.getByText('This policy cannot be shown').waitFor();
      browser.problems.splice(0); // the browser reports the 404 itself
    }));

  it('has caused no error and asked no other server', () => {
    expect(browser.problems).toEqual([]);
  });
});
