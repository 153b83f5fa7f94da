// Every page at a desk, in both languages, and the way from one to the next.
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, sharedHouse, test } from '../fixtures';

const here = sharedHouse();

test('every page opens clean, in English and in Korean', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  for (const lang of ['en', 'ko']) {
    for (const path of [
      '/',
      '/models',
      '/keys',
      '/account',
      '/members',
      '/connections',
      '/limits',
      '/calls',
      '/audit',
      '/system',
    ]) {
      await page.goto(`${house.url}${path}?lang=${lang}`);
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectNoSidewaysScroll(page);
      // In Korean the journeys on a phone ask axe, page by page.
      if (lang === 'en') await expectNoAxeViolations(page);
    }
  }
});

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
