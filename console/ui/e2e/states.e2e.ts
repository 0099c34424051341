import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, browserIsThere, ROWS, startConsole, type Server } from './console.ts';

/** Each page with what is there when it is done, and what it asks. */
const PAGES = [
  { path: '/?range=86400s', ready: ROWS },
  { path: '/graph', ready: '[data-node]' },
  { path: '/policies', ready: '[data-policy]' },
  { path: '/policy?key=NetworkPolicy:shop/cart', ready: '[aria-label=Rules]' },
  { path: '/compare?all=1', ready: '[aria-label=Changes]' },
  { path: '/namespaces', ready: 'table' },
  { path: '/namespace?name=shop', ready: 'aside' },
  { path: '/endpoint?name=shop%2Fcart-*', ready: 'aside' },
  { path: '/nodes', ready: '[aria-label="Flows process"]' },
] as const;

/** A time of which nothing is recorded. */
const LONG_AGO = 'range=2020-01-01T00:00:00Z_2020-01-01T01:00:00Z';

const EMPTY = [
  { path: `/?${LONG_AGO}`, says: 'Nothing was recorded in this time' },
  { path: `/?${LONG_AGO}&verdict=deny`, says: 'No flow matches', offers: 'Clear filters' },
  { path: `/graph?${LONG_AGO}`, says: 'Nobody talked to anybody' },
  { path: `/graph?${LONG_AGO}&verdict=deny`, says: 'Nobody talked to anybody', offers: 'Clear filters' },
  { path: '/policies?q=no-such-policy', says: 'Nothing here matches' },
  { path: '/namespaces?q=no-such-namespace', says: 'No namespace matches', offers: 'Show all' },
  { path: '/namespace?name=no-such-namespace', says: 'This namespace cannot be shown', offers: 'All namespaces' },
  { path: '/endpoint?name=shop%2Fno-such-pod', says: 'This endpoint cannot be shown', offers: 'Look for it in the flows' },
  { path: `/endpoint?name=shop%2Fcart-*&${LONG_AGO}`, says: 'Nothing was seen to call it in this time' },
] as const;

describe.skipIf(!browserIsThere())('the states of the pages', () => {
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

  it.each(PAGES)('$path says that it waits, then what is wrong, and loads when told to try again', ({ path, ready }) =>
    browser.on('/no-such-page', 'main', async (page) => {
      let answer = () => {};
      const waiting = new Promise<void>((goOn) => (answer = goOn));
      // Everything but who is signed in.
      await page.route(/\/api\/v1\/(?!session)/, async (route) => {
        await waiting;
        await route.fulfill({ status: 503, json: { error: 'the history is starting up' } }).catch(() => {}); // the page has gone on
      });
      await page.goto(new URL(path, server.url).href);
      await page.getByRole('status').first().waitFor();
      expect(await page.getByText('starting up').count()).toBe(0);
      answer();
      await page.getByRole('main').getByText(/the history is starting up/).first().waitFor();
      await page.unroute(/\/api\/v1\/(?!session)/);
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.waitForSelector(ready);
      // Strips and figures ask again by themselves, in a few seconds.
      await expect.poll(() => page.getByText('starting up').count(), { timeout: 20_000 }).toBe(0);
    }),
  );

  it.each(EMPTY)('$path says “$says”', ({ path, says, ...rest }) =>
    browser.on(path, 'main', async (page) => {
      await page.getByRole('main').getByText(says).first().waitFor();
      if ('offers' in rest) await page.getByRole('button', { name: rest.offers }).first().waitFor();
    }),
  );
});
