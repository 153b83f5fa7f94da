// Every page at a desk and on a tablet, in both languages, by day and by night, and the way from one to the next.
import type { Page } from '@playwright/test';
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

const here = sharedHouse();

/** In English by day and in Korean by night: neither the words nor the light change what the other one shows. */
const WAYS = [
  ['en', 'light'],
  ['ko', 'dark'],
] as const;

for (const [where, device] of [
  ['at a desk', { viewport: { width: 1280, height: 800 } }],
  ['on a tablet', { viewport: { width: 820, height: 1180 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }],
] as const) {
  test.describe(where, () => {
    test.use(device);

    for (const [lang, colorScheme] of WAYS) {
      test(`every page opens clean and lies still, ${lang}, ${colorScheme}`, async ({ page }) => {
        const house = here();
        await watchShifts(page.context());
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await house.signIn(page, house.olga);
        for (const path of ['/', ...PAGES.owner]) {
          await page.goto(`${house.url}${path}?lang=${lang}`);
          await expect(page.locator('html')).toHaveAttribute('lang', lang);
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
          await expect(page.locator('.skeleton:not(.design-sheet *)')).toHaveCount(0);
          await expectStillness(page);
          await expectNoSidewaysScroll(page);
          // In Korean the journeys on a phone ask axe for everything else.
          await (lang === 'en' ? expectNoAxeViolations(page) : expectReadableColours(page));
        }
      });
    }
  });
}

test('from page to page the sidebar keeps its place, and the keyboard its link', async ({ page }) => {
  const house = here();
  // So low that the sidebar has to scroll.
  await page.setViewportSize({ width: 1200, height: 380 });
  await house.signIn(page, house.olga);
  const sidebar = page.getByRole('complementary');
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
