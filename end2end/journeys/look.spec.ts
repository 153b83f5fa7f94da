// How the house looks is kept by the browser, and known before the first picture.
import type { Page } from '@playwright/test';
import { Chat, expect, expectNoAxeViolations, expectStillness, sharedHouse, test, watchShifts } from '../fixtures';

const here = sharedHouse();

const paper = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
const bars = (page: Page) =>
  page
    .locator('meta[name=theme-color]')
    .evaluateAll((metas) => metas.filter((meta) => matchMedia(meta.getAttribute('media')!).matches).map((meta) => meta.getAttribute('content')));

test('by night stays by night, on every page and before signing in, until the system decides again', async ({ page }) => {
  const house = here();
  await page.emulateMedia({ colorScheme: 'light' });
  await house.signIn(page, house.olga);
  const day = await paper(page);
  await page.goto(`${house.url}/account`);
  await page.getByRole('radio', { name: 'Dark' }).check();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await paper(page)).not.toBe(day);
  expect(await bars(page)).toEqual(['#0f182b']);
  await expectNoAxeViolations(page);

  await page.reload();
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await page.getByRole('button', { name: house.olga.name }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(`${house.url}/signin`);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await paper(page)).not.toBe(day);
  expect(await bars(page)).toEqual(['#0f182b']);

  await house.signIn(page, house.olga);
  await page.goto(`${house.url}/account`);
  await page.getByRole('radio', { name: 'System' }).check();
  expect(await paper(page)).toBe(day);
  await page.reload();
  await expect(page.locator('html')).not.toHaveAttribute('data-theme');
  await expect(page.getByRole('radio', { name: 'System' })).toBeChecked();
});

test('a narrow sidebar stays narrow, says its names to the keyboard, and nothing moves', async ({ page, context }) => {
  const house = here();
  await watchShifts(context);
  await house.signIn(page, house.olga);
  await page.getByRole('button', { name: 'Narrow the sidebar' }).click();
  const sidebar = page.getByRole('complementary');
  const width = async () => (await sidebar.boundingBox())!.width;
  expect(await width()).toBeLessThan(80);
  await page.goto(`${house.url}/models`);
  expect(await width()).toBeLessThan(80);
  await expectStillness(page);
  await expectNoAxeViolations(page);
  const link = sidebar.getByRole('link', { name: 'API keys', exact: true });
  await link.hover();
  const name = (await link.getByText('API keys').boundingBox())!;
  expect(name.x).toBeGreaterThan(50);
  expect(name.width).toBeGreaterThan(40);

  await page.getByRole('button', { name: 'Narrow the sidebar' }).click();
  expect(await width()).toBeGreaterThan(200);
  await page.reload();
  expect(await width()).toBeGreaterThan(200);
});

test('administration is folded where one is elsewhere, and stays as one left it', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const fold = page.locator('summary', { hasText: 'Administration' });
  const members = page.getByRole('link', { name: 'Members', exact: true });
  await expect(members).toBeHidden();
  // Whoever is there sees where.
  await page.goto(`${house.url}/members`);
  await expect(members).toHaveAttribute('aria-current', 'page');
  await page.goto(house.url);
  await expect(members).toBeHidden();

  await fold.focus();
  await page.keyboard.press('Enter');
  await expect(members).toBeVisible();
  await page.reload();
  await expect(members).toBeVisible();
  await fold.click();
  await expect(members).toBeHidden();
  await page.reload();
  await expect(members).toBeHidden();
});

test('a price that was put away leaves no gap behind, and stays away', async ({ page, context }) => {
  const house = here();
  await watchShifts(context);
  await page.setViewportSize({ width: 390, height: 800 });
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  const box = page.locator('.composer-box');
  const price = page.locator('.composer-price');
  await expect(price).toBeVisible();
  const height = async () => (await box.boundingBox())!.height;
  const before = await height();
  await page.getByRole('button', { name: 'Writing options' }).click();
  await page.getByRole('button', { name: 'Show the price before sending' }).click();
  await expect(price).toBeHidden();
  expect(await height()).toBeLessThan(before);
  await page.reload();
  await expect(chat.composer).toBeVisible();
  await expect(price).toBeHidden();
  await expectStillness(page);
});
