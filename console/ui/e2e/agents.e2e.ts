import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findings } from './axe.ts';
import { Browser, browserIsThere, parameter, realConsole, ROWS, SCREENSHOTS } from './console.ts';

/** The console of a gateway, whose agents work and whose payments wait: see LivelyAgents. There is no mock of it. */
const there = browserIsThere() && realConsole !== null && process.env.MARGAY_AGENTS !== undefined;

const FORBID = 'forbid(principal, action == Action::"invokeTool", resource in ToolServer::"web");\n';

describe.skipIf(!there)('the pages of agents', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await Browser.open(realConsole!, { reducedMotion: 'reduce' });
  });

  afterAll(() => browser?.close());

  describe('calls', () => {
    it('come in live, and open with the keyboard', () =>
      browser.on('/', ROWS, async (page) => {
        await page.getByText('Live', { exact: true }).waitFor();
        const first = await page.locator(ROWS).first().getAttribute('id');
        await page.waitForFunction(([rows, id]) => document.querySelector(rows!)?.id !== id, [ROWS, first], { timeout: 20_000 });
        await page.keyboard.press('p');
        await page.getByText(/^Paused/).waitFor();
        await page.keyboard.press('j');
        await page.keyboard.press('Enter');
        const panel = page.getByRole('complementary', { name: 'Call' });
        await panel.getByText('on behalf of').waitFor();
        await expect.poll(() => parameter(page, 'call')).not.toBeNull();
        await page.keyboard.press('Escape');
        await panel.waitFor({ state: 'detached' });
        await expect.poll(() => parameter(page, 'call')).toBeNull();
      }));

    it('are filtered by the address, and by the server', () =>
      browser.on('/?verdict=deny&agent=intern', ROWS, async (page) => {
        expect(await page.locator(`${ROWS}:not([data-verdict=DENY])`).count()).toBe(0);
        await page.getByRole('button', { name: 'All', exact: true }).click();
        await expect.poll(() => parameter(page, 'verdict')).toBeNull();
        await page.keyboard.press('x');
        await expect.poll(() => parameter(page, 'agent')).toBeNull();
        await expect.poll(() => page.locator(`${ROWS}[data-verdict=PERMIT]`).count()).toBeGreaterThan(0);
      }));

    it('lead to the tree of their trace', () =>
      browser.on('/?target=ledger%2Fread&agent=analyst', ROWS, async (page) => {
        await page.locator(ROWS).first().click();
        await page.getByRole('link', { name: 'The whole trace' }).click();
        const tree = page.getByRole('tree');
        await tree.waitFor();
        expect(await tree.getByRole('treeitem').count()).toBe(3);
        expect(await tree.locator('[aria-level="3"]').innerText()).toContain('ledger/read');
        const details = page.getByRole('complementary', { name: 'Call' });
        expect(await details.innerText()).toContain('principal.team=finance');
        expect(await details.innerText()).toContain('hmac-sha256:');
        await page.keyboard.press('Home');
        await expect.poll(() => details.innerText()).toContain('sendMessage of planner');
      }));
  });

  describe('agents', () => {
    it('are listed with owners, and open one by one', () =>
      browser.on('/agents?q=finance', 'table', async (page) => {
        expect(await page.locator('tbody tr').count()).toBe(2);
        await page.keyboard.press('j');
        await page.keyboard.press('Enter');
        await page.getByRole('region', { name: 'Rights', exact: true }).waitFor();
        expect(parameter(page, 'name')).toBe('analyst');
        expect(await page.getByRole('region', { name: 'Rights', exact: true }).innerText()).toContain('ledger/read');
        expect(await page.getByRole('complementary', { name: 'Who it is' }).innerText()).toContain('erik');
      }));

    it('are nodes of a graph', () =>
      browser.on('/graph?level=tool', '[data-node]', async (page) => {
        await page.waitForSelector('[data-node="tool:ledger/read"]');
        await page.keyboard.press('ArrowRight');
        await expect.poll(() => parameter(page, 'node')).not.toBeNull();
        await page.keyboard.press('1');
        await page.waitForSelector('[data-node="tool:ledger"]');
        expect(await page.getByRole('complementary', { name: 'Connections' }).innerText()).toContain('intern → ledger');
      }));
  });

  describe('approvals', () => {
    /** Decides about the first call that waits, with its keys; its name. */
    const decide = async (page: Page, key: 'a' | 'r', reason: string, button: string) => {
      const name = await page.locator('[data-approval][aria-current]').getAttribute('data-approval');
      await page.keyboard.press(key);
      const dialog = page.getByRole('dialog');
      expect(await dialog.innerText()).toContain('"amount"');
      await dialog.getByLabel(/^Reason/).fill(reason);
      await dialog.getByRole('button', { name: button }).click();
      await dialog.waitFor({ state: 'detached' });
      await page.locator(`[data-approval="${name}"]`).waitFor({ state: 'detached' });
    };

    it('are given', () =>
      browser.on('/approvals', '[data-approval]', async (page) => {
        await decide(page, 'a', 'checked with Ada', 'Approve');
        await page.getByRole('region', { name: 'Decided calls, table' }).getByText('checked with Ada').first().waitFor();
      }));

    it('are refused with a reason only', () =>
      browser.on('/approvals', '[data-approval]', async (page) => {
        await page.keyboard.press('r');
        expect(await page.getByRole('dialog').getByRole('button', { name: 'Refuse' }).isDisabled()).toBe(true);
        await page.keyboard.press('Escape');
        await decide(page, 'r', 'nobody knows Eve', 'Refuse');
        await page.getByRole('region', { name: 'Decided calls, table' }).getByText('nobody knows Eve').first().waitFor();
      }));
  });

  describe('halts', () => {
    it('stop an agent, and are lifted', () =>
      browser.on('/halts', 'main', async (page) => {
        await page.getByRole('button', { name: 'Halt …' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('Agent').fill('idler');
        await dialog.getByLabel('Reason').fill('tried in a browser');
        await dialog.getByRole('button', { name: 'Halt' }).click();
        const row = page.locator('[data-halt]', { hasText: 'tried in a browser' });
        await row.waitFor();
        await row.getByRole('button', { name: 'Lift …' }).click();
        await dialog.getByLabel('Reason').fill('it is over');
        await dialog.getByRole('button', { name: 'Lift' }).click();
        await row.waitFor({ state: 'detached' });
      }));
  });

  describe('policies', () => {
    it('are staged with every verdict that would change, and deleted', () =>
      browser.on('/policies', '[data-policy]', async (page) => {
        await page.keyboard.press('n');
        await page.getByLabel('Name').fill('browser-guard');
        await page.getByLabel('Tier').selectOption('guardrails');
        const text = page.getByLabel('Cedar text of the policy');
        await text.fill('permit(principal, action, resource) when { principal.colour == "red" };');
        await page.getByText('One thing is wrong').waitFor();
        await text.fill(FORBID);
        await page.getByText(/recorded verdicts? would change/).waitFor();
        await page.getByRole('region', { name: 'Verdicts that would change' }).getByText('researcher → web/search').first().waitFor();
        await page.screenshot({ path: `${SCREENSHOTS}/agents-editor.png` });
        await page.getByRole('button', { name: 'Stage', exact: true }).click();
        await page.getByText('staged', { exact: true }).waitFor();
        expect(parameter(page, 'name')).toBe('browser-guard');
        await page.getByRole('button', { name: 'Delete …' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
        await page.waitForSelector('[data-policy="finance-reads"]');
        expect(await page.locator('[data-policy="browser-guard"]').count()).toBe(0);
      }));

    it('tell what they decided, and of whom none speaks', () =>
      browser.on('/policies', '[data-policy="finance-reads"]', async (page) => {
        const coverage = page.getByRole('region', { name: 'Coverage' });
        await coverage.waitFor();
        expect(await coverage.innerText()).toContain('call');
        await page.keyboard.press('j');
        await page.keyboard.press('Enter');
        await page.getByLabel('Cedar text of the policy').waitFor();
      }));
  });

  it('answer five questions with evidence', () =>
    browser.on('/', 'main', async (page) => {
      await page.keyboard.press('g');
      await page.keyboard.press('s');
      await page.getByRole('list', { name: 'Levels of maturity' }).waitFor();
      for (const pillar of ['Traceability', 'Provenance', 'Identity and ownership', 'Policy at scale', 'Human oversight']) {
        expect(await page.getByRole('region', { name: pillar }).getByRole('listitem').count()).toBeGreaterThan(1);
      }
      await page.getByText(/tree size .* verified/).waitFor();
    }));

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it.each([
      { name: 'calls', path: '/', ready: ROWS },
      { name: 'denied', path: '/?verdict=deny', ready: ROWS, key: 'j Enter' },
      { name: 'agents', path: '/agents', ready: 'table' },
      { name: 'agent', path: '/agent?name=analyst', ready: 'aside' },
      { name: 'graph', path: '/graph?level=tool', ready: '[data-node]' },
      { name: 'policies', path: '/policies', ready: 'section[aria-label=Coverage]' },
      { name: 'policy', path: '/policy?name=finance-reads', ready: 'textarea' },
      { name: 'approvals', path: '/approvals', ready: '[data-approval]' },
      { name: 'halts', path: '/halts', ready: '[data-halt]' },
      { name: 'assessment', path: '/assessment', ready: 'section' },
    ])('$name is accessible, and fits the window', ({ name, path, ready, key }) =>
      browser.on(path, 'main', async (page) => {
        await page.emulateMedia({ colorScheme });
        await page.waitForSelector(ready);
        for (const one of key?.split(' ') ?? []) await page.keyboard.press(one);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
        await page.screenshot({ path: `${SCREENSHOTS}/agents-${name}-${colorScheme}.png` });
        expect(await findings(page)).toEqual([]);
      }),
    );
  });

  it('have caused no error and asked no other server', () => {
    expect(browser.problems).toEqual([]);
  });
});
