// Every page with something on it, by day, by night and on a phone; those of the README go to docs/images.
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Chat, expect, hydrated, PAGES, PASSWORD, sharedHouse, test } from '../fixtures';
import type { Provider } from '../provider';
import { EXCHANGES, MAIN, OTHERS, startProvider } from './provider';

const GALLERY = join(import.meta.dirname, '..', 'results', 'pictures');
const README = join(import.meta.dirname, '..', '..', 'docs', 'images');
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const TABLET = { width: 820, height: 1180 };

let provider: Provider;

const here = sharedHouse(async (house, { fakes }) => {
  provider = await startProvider();
  await house.connect('openai', provider, MAIN);
  await house.connect('gemini', fakes, 'gemini-2.5-flash');
  await house.person('Ben', 'member');
  await house.person('Dora', 'admin');
});

test.afterAll(async () => {
  await provider?.stop();
});

/** Takes a page as it stands, in all its forms. */
async function take(page: Page, name: string) {
  await expect(page.locator('.skeleton:not(.design-sheet *)')).toHaveCount(0);
  for (const [form, viewport, colorScheme] of [
    ['day', DESK, 'light'],
    ['night', DESK, 'dark'],
    ['tablet', TABLET, 'light'],
    ['phone', PHONE, 'light'],
    ['phone-night', PHONE, 'dark'],
  ] as const) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(GALLERY, `${name}-${form}.png`) });
  }
  await page.setViewportSize(DESK);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** The chat as a phone shows it: with a finger in place of a mouse. */
async function onPhone(page: Page, address: string) {
  const storageState = await page.context().storageState();
  const phone = { viewport: PHONE, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
  const context = await page.context().browser()!.newContext({ ...phone, storageState });
  const shown = await context.newPage();
  await shown.goto(address);
  await hydrated(shown);
  await expect(new Chat(shown).figures()).toBeVisible();
  await shown.screenshot({ path: join(README, 'chat-phone.png') });
  await context.close();
}

test('pictures of the pages', async ({ page, freshServer }) => {
  test.setTimeout(180_000);
  await page.setViewportSize(DESK);
  const empty = await freshServer();
  await page.goto(await empty.setupLink());
  await page.screenshot({ path: join(README, 'setup.png') });
  await take(page, 'setup');
  await page.locator('input[name=name]').fill('Olga');
  await page.locator('input[name=email]').fill('olga@example.org');
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('form button[type=submit]').click();
  await page.waitForURL(`${empty.url}/home`);
  await page.screenshot({ path: join(README, 'guide.png') });
  await take(page, 'guide');
  await page.goto(`${empty.url}/`);
  await take(page, 'first');
  for (const path of ['keys', 'calls', 'limits']) {
    await page.goto(`${empty.url}/${path}`);
    await take(page, `empty-${path}`);
  }

  const house = here();
  await page.goto(`${house.url}/signin`);
  await take(page, 'signin');
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  for (const { question, title } of EXCHANGES) {
    await page.goto(`${house.url}/`);
    await chat.pick(new RegExp(`^${MAIN}(?!.mini)`, 'i'));
    await chat.say(question);
    await chat.finished();
    await expect(chat.title).toHaveText(title);
  }
  await page.screenshot({ path: join(README, 'chat.png') });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: join(README, 'chat-dark.png') });
  await page.emulateMedia({ colorScheme: 'light' });
  await take(page, 'chat');
  await onPhone(page, page.url());
  await page.goto(`${house.url}/`);
  await page.getByRole('button', { name: /^Model/ }).click();
  await expect(page.getByRole('option').first()).toBeVisible();
  await page.screenshot({ path: join(README, 'picker.png') });
  await take(page, 'picker');
  await page.keyboard.press('Escape');

  const key = await house.key(house.olga, 'nightly reports', '25');
  for (const model of [MAIN, ...OTHERS, MAIN, 'gemini-2.5-flash']) await house.ask(key, model, 'Sum up the day.');
  for (const path of PAGES.owner.map((path) => path.slice(1))) {
    await page.goto(`${house.url}/${path}`);
    if (path === 'home') {
      await expect(page.locator('.skeleton')).toHaveCount(0);
      await page.screenshot({ path: join(README, 'home.png') });
    }
    await take(page, path);
  }
  await page.goto(`${house.url}/connections`);
  await page.getByRole('link', { name: 'openai', exact: true }).click();
  await expect(page.getByRole('switch').first()).toBeVisible();
  await take(page, 'connection');
});
