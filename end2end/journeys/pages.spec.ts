// Every page at a desk and on a tablet, in both languages, by day and by night, and the way from one to the next.
import type { Page } from '@playwright/test';
import { converse } from '../converse';
import {
  expect,
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  expectReadableColours,
  expectStillness,
  hydrated,
  PAGES,
  sharedHouse,
  test,
  watchShifts,
} from '../fixtures';

const MODEL = 'gpt-4o-mini';

const here = sharedHouse((house, { fakes }) => house.connect('openai', fakes, MODEL));

/** In each language axe looks at all of a page by day, and once more at its colours by night. */
async function look(page: Page, lang: string) {
  await expect(page.locator('html')).toHaveAttribute('lang', lang);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('.skeleton:not(.design-sheet *)')).toHaveCount(0);
  await expectStillness(page);
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectReadableColours(page);
  await page.emulateMedia({ colorScheme: 'light' });
}

for (const [where, device] of [
  ['at a desk', { viewport: { width: 1280, height: 800 } }],
  ['on a tablet', { viewport: { width: 820, height: 1180 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }],
] as const) {
  test.describe(where, () => {
    test.use({ ...device, contextOptions: { reducedMotion: 'reduce' } });

    for (const lang of ['en', 'ko'] as const) {
      test(`every page opens clean and lies still, by day and by night, ${lang}`, async ({ page }) => {
        // Many pages, each looked at twice.
        test.setTimeout(120_000);
        const house = here();
        await watchShifts(page.context());
        await house.signIn(page, house.olga);
        const said = 'What is a purser?';
        const chat = await page.evaluate(converse, [[said, said], 'demo-long'] as [string[], string]);
        await page.goto(`${house.url}/connections`);
        const connection = await page.getByRole('link', { name: 'openai', exact: true }).getAttribute('href');
        for (const path of ['/', chat, connection!, ...PAGES.owner]) {
          await page.goto(`${house.url}${path}?lang=${lang}`);
          await look(page, lang);
        }
      });

      test(`the pages before signing in, by day and by night, ${lang}`, async ({ page, freshServer }) => {
        const house = here();
        await watchShifts(page.context());
        const empty = await freshServer();
        const setup = new URL(await empty.setupLink());
        setup.searchParams.set('lang', lang);
        for (const address of [
          `${house.url}/signin?lang=${lang}`,
          `${house.url}/welcome?lang=${lang}#no-such-token`,
          setup.href,
        ]) {
          await page.goto(address);
          await look(page, lang);
        }
      });
    }
  });
}

test('what the pointer is on stays readable, by day and by night', async ({ page }) => {
  const house = here();
  await house.key(house.olga, 'laptop');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await house.signIn(page, house.olga);
  for (const [path, what] of [
    [`/calls?model=${MODEL}`, page.locator('.filter-tag')],
    ['/keys', page.getByRole('row', { name: /^laptop/ })],
    ['/connections', page.getByRole('row', { name: /^openai/ })],
  ] as const) {
    await page.goto(house.url + path);
    await what.hover();
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await expectReadableColours(page);
    }
  }
});

test('from page to page the sidebar keeps its place, and the keyboard its link', async ({ page }) => {
  const house = here();
  // So low that the sidebar has to scroll.
  await page.setViewportSize({ width: 1200, height: 380 });
  await house.signIn(page, house.olga);
  const sidebar = page.getByRole('complementary');
  await page.getByText('Administration', { exact: true }).click();
  for (const name of ['Audit log', 'Calls', 'Limits', 'Connections']) {
    const link = page.getByRole('link', { name, exact: true });
    await link.focus();
    await sidebar.evaluate((element) => element.scrollTo({ top: 120 }));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
    expect(await sidebar.evaluate((element) => element.scrollTop), name).toBe(120);
    await expect(link).toBeFocused();
  }
});

/** Answers the next `count` requests for a piece of the app as a house that has newer files. */
async function withoutPiece(page: Page, piece: string, count: number): Promise<() => number> {
  let asked = 0;
  await page.route(`**/pkg/split_${piece}*`, async (route) => {
    asked += 1;
    await (asked <= count ? route.fulfill({ status: 404 }) : route.continue());
  });
  return () => asked;
}

test.describe('a piece of the app that does not come', () => {
  // A worker asks for itself, where a test cannot answer in the place of the house.
  test.use({ serviceWorkers: 'block' });

  test('a page whose code is gone comes as a document of its own', async ({ page, browserErrors }) => {
    const house = here();
    await house.signIn(page, house.olga);
    await page.goto(house.url);
    browserErrors.expectStatus(404, /split_own_pages/);
    browserErrors.expectLine(/HTTP status code is not ok/);
    // Both the page before it is drawn and the drawing itself ask.
    await withoutPiece(page, 'own_pages', 2);
    const arrived = page.waitForEvent('load');
    await page.getByRole('link', { name: 'API keys', exact: true }).click();
    await arrived;
    await expect(page).toHaveURL(`${house.url}/keys`);
    await expect(page.getByRole('heading', { level: 1, name: 'API keys' })).toBeVisible();
    await hydrated(page);
  });

  for (const [piece, path, button] of [
    ['own_pages', '/keys', 'Create key'],
    ['house_pages', '/members', 'Add member'],
  ] as const) {
    test(`${path} is readable before its code, and comes to life when it arrives`, async ({ page, browserErrors }) => {
      const house = here();
      await house.signIn(page, house.olga);
      browserErrors.expectStatus(404, new RegExp(`split_${piece}`));
      browserErrors.expectLine(/HTTP status code is not ok/);
      const asked = await withoutPiece(page, piece, 3);
      await page.goto(`${house.url}${path}`);
      expect(asked()).toBeGreaterThan(3);
      await page.getByRole('button', { name: button }).first().click();
      await expect(page.getByRole('dialog')).toBeVisible();
    });
  }
});
