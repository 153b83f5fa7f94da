// Without a mouse: everything is reached with Tab, and the keyboard is never lost.
import type { Locator, Page } from '@playwright/test';
import { Chat, expect, hydrated, PASSWORD, sharedHouse, test, wordsOf } from '../fixtures';

/** More stops than any page has. */
const MOST_STOPS = 80;

const here = sharedHouse((house, { slowFakes }) => house.connect('openai', slowFakes, 'gpt-4o-mini'));

/** Whether the keyboard is at some control: what is removed or disabled under it leaves it at none. */
async function hasKeyboard(page: Page): Promise<boolean> {
  return await page.evaluate(() => document.activeElement !== null && document.activeElement !== document.body);
}

/** Presses Tab until the keyboard is at a control. */
async function tabTo(page: Page, control: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab') {
  await expect(control).toHaveCount(1);
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not lead to ${control}`);
}

for (const [where, language, viewport] of [
  ['at a desk', 'en', { width: 1280, height: 800 }],
  ['in a narrow window', 'ko', { width: 360, height: 740 }],
] as const) {
  test.describe(where, () => {
    test.use({ viewport, locale: language === 'ko' ? 'ko-KR' : 'en-US' });

    test('one signs in, chats, stops, regenerates, finds the chat again, looks at the models and leaves', async ({ page }) => {
      const words = wordsOf(language);
      const house = here();
      const button = (name: string) => page.getByRole('button', { name, exact: true });

      await page.goto(`${house.url}/signin`);
      await expect(page.locator('input[name=email]')).toBeFocused();
      await page.keyboard.type(house.olga.email);
      await page.keyboard.press('Tab');
      await page.keyboard.type(PASSWORD);
      await page.keyboard.press('Enter');
      await page.waitForURL(`${house.url}/`);
      await hydrated(page);

      // The first stop leads past the sidebar.
      await page.keyboard.press('Tab');
      const skip = page.getByRole('link', { name: words.common.skip_to_content });
      await expect(skip).toBeFocused();
      await page.keyboard.press('Enter');
      await expect(page.getByRole('main')).toBeFocused();

      const chat = new Chat(page, language);
      await tabTo(page, page.getByRole('button', { name: new RegExp(`^${words.picker.label}`) }));
      await page.keyboard.press('Enter');
      await expect(page.getByRole('combobox')).toBeFocused();
      await page.keyboard.type('gpt-4o');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('dialog')).toHaveCount(0);
      await expect(page.getByRole('button', { name: new RegExp(`^${words.picker.label}`) })).toBeFocused();

      await tabTo(page, chat.composer, 'Shift+Tab');
      await page.keyboard.type('Without a mouse');
      await page.keyboard.press('Enter');
      await chat.streams();
      await tabTo(page, chat.stop);
      await page.keyboard.press('Enter');
      await expect(chat.reply).toContainText(words.chat.stopped);
      await chat.finished();

      await tabTo(page, chat.reply.getByRole('button', { name: words.chat.regenerate }).last(), 'Shift+Tab');
      await page.keyboard.press('Enter');
      await chat.streams();
      await expect(chat.reply).not.toContainText(words.chat.stopped);
      await tabTo(page, chat.stop);
      await page.keyboard.press('Space');
      await expect(chat.reply).toContainText(words.chat.stopped);
      await expect(button(words.chat.branch_previous)).toBeEnabled();

      // Another chat, then back by the history.
      const address = page.url();
      const begin = page.getByRole('link', { name: words.nav.new_chat }).filter({ visible: true }).first();
      await tabTo(page, begin);
      await page.keyboard.press('Enter');
      await expect(page).toHaveURL(`${house.url}/`);
      await expect(chat.messages).toHaveCount(0);
      if (viewport.width < 960) {
        await tabTo(page, button(words.nav.open_menu));
        await page.keyboard.press('Enter');
      }
      const entry = chat.history.getByRole('link').first();
      await expect(entry).toBeVisible();
      await tabTo(page, entry);
      await page.keyboard.press('Enter');
      await expect(page).toHaveURL(address);
      await expect(chat.questions).toContainText('Without a mouse');
      await expect(chat.history).toBeVisible({ visible: viewport.width >= 960 });

      // To the models by the palette, which opens from wherever one is.
      await page.keyboard.press('Control+k');
      const palette = page.getByRole('dialog', { name: words.palette.title });
      await expect(palette.getByRole('combobox')).toBeFocused();
      await page.keyboard.type(words.nav.models);
      await expect(palette.getByRole('option', { name: words.nav.models, exact: true })).toHaveAttribute(
        'aria-selected',
        'true',
      );
      await page.keyboard.press('Enter');
      await expect(page).toHaveURL(`${house.url}/models`);
      await expect(page.getByRole('heading', { level: 1, name: words.models.title })).toBeVisible();
      await tabTo(page, page.getByRole('searchbox', { name: words.models.search }));
      await page.keyboard.type('gpt-4o');
      await expect(page.getByRole('table', { name: words.models.title })).toContainText('gpt-4o-mini');
      await expect(page.getByRole('table', { name: words.models.title })).not.toContainText('demo');

      // And out of the house; the door waits for the next one's address.
      if (viewport.width < 960) {
        await tabTo(page, button(words.nav.open_menu), 'Shift+Tab');
        await page.keyboard.press('Enter');
      }
      await tabTo(page, button(house.olga.name), viewport.width < 960 ? 'Tab' : 'Shift+Tab');
      await page.keyboard.press('Enter');
      await tabTo(page, button(words.nav.sign_out));
      await page.keyboard.press('Enter');
      await page.waitForURL(`${house.url}/signin`);
      await expect(page.locator('input[name=email]')).toBeFocused();
      expect((await page.request.get(`${house.url}/account`, { maxRedirects: 0 })).status()).not.toBe(200);
    });
  });
}

test('the first message of a chat leaves the keyboard where one writes', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  await chat.pick(/^Demo(?! \()/);
  await chat.composer.focus();
  await page.keyboard.type('The first message');
  await page.keyboard.press('Enter');
  // The new chat moves to an address of its own.
  await expect(page).toHaveURL(/\/chats\//);
  await chat.finished();
  await expect(chat.composer).toBeFocused();
  await page.keyboard.type('The second one');
  await expect(chat.composer).toHaveValue('The second one');
});

test('a button that goes away when it is pressed does not take the keyboard with it', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  await chat.pick(/gpt-4o-mini/);
  await chat.say('Keep the keyboard');
  await chat.streams();
  await expect(page).toHaveURL(/\/chats\//);
  await chat.stop.focus();
  await page.keyboard.press('Enter');
  await chat.finished();
  await expect(chat.stop).toHaveCount(0);
  expect.soft(await hasKeyboard(page), 'after Stop').toBe(true);

  await chat.reply.getByRole('button', { name: 'Regenerate' }).last().focus();
  await page.keyboard.press('Enter');
  await chat.streams();
  expect.soft(await hasKeyboard(page), 'after Regenerate').toBe(true);
});
