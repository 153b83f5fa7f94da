// One field for everything: pages, chats, models and actions, from everywhere.
import type { Page } from '@playwright/test';
import type { Words } from '../words';
import { Chat, expect, expectNoAxeViolations, expectNoSidewaysScroll, hydrated, sharedHouse, test, wordsOf } from '../fixtures';

const here = sharedHouse((house, { slowFakes }) => house.connect('openai', slowFakes, 'gpt-4o-mini'));

/** Opens the palette, types, and takes what has this name. */
async function take(page: Page, words: Words, typed: string, name: string) {
  const palette = page.getByRole('dialog', { name: words.palette.title });
  await page.keyboard.press('Control+k');
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.type(typed);
  await palette.getByRole('option', { name }).click();
  await expect(palette).toBeHidden();
}

test('pages, chats, models and the list of keys are found by typing', async ({ page }) => {
  const house = here();
  const words = wordsOf('en');
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  const palette = page.getByRole('dialog', { name: words.palette.title });
  const field = palette.getByRole('combobox');
  const option = (name: string | RegExp) => palette.getByRole('option', { name });

  // A chat that can be found.
  await chat.pick(/^Demo(?! \()/);
  await chat.say('Where do lighthouses stand?');
  await chat.finished();
  const address = page.url();
  const title = (await chat.history.getByRole('link').first().innerText()).trim();

  // A page.
  await page.keyboard.press('Control+k');
  await expect(field).toBeFocused();
  await expectNoAxeViolations(page);
  await page.keyboard.type('aud');
  await expect(option(words.nav.audit)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${house.url}/audit`);
  await expect(palette).toBeHidden();

  // The last chat is there before anything is typed; another by a word of its title.
  await page.keyboard.press('Control+k');
  await expect(option(title)).toBeVisible();
  await page.keyboard.type(title.split(' ')[0] ?? title);
  await expect(option(title)).toBeVisible();
  await option(title).click();
  await expect(page).toHaveURL(address);

  // Nothing.
  await page.getByRole('button', { name: words.palette.label }).click();
  await field.fill('no such thing anywhere');
  await expect(palette.getByText(words.palette.no_match)).toBeVisible();
  // A model, with the arrows: what comes first is a page or a chat.
  await field.fill('demo');
  const model = palette.getByRole('group', { name: words.palette.models }).getByRole('option').first();
  await expect(model).toBeVisible();
  for (let step = 0; step < 20 && (await model.getAttribute('aria-selected')) !== 'true'; step++) {
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${house.url}/`);
  await expect(chat.messages).toHaveCount(0);
  await expect(page.getByRole('button', { name: new RegExp(`^${words.picker.label}.*Demo`) })).toBeVisible();

  // The keys: by a key where nobody writes, and a question mark where somebody does.
  await chat.composer.focus();
  await page.keyboard.type('Why?');
  await expect(chat.composer).toHaveValue('Why?');
  await page.getByRole('main').focus();
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: words.palette.shortcuts });
  await expect(keys).toBeVisible();
  await expectNoAxeViolations(page);
  await page.keyboard.press('Escape');
  await expect(keys).toBeHidden();
  // Twice opens and closes.
  await page.keyboard.press('Control+k');
  await expect(field).toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(palette).toBeHidden();
});

test('on a phone in Korean it fits, and leads through the menu', async ({ page }) => {
  const house = here();
  const words = wordsOf('ko');
  await page.setViewportSize({ width: 360, height: 740 });
  await house.signIn(page, house.olga);
  await page.goto(`${house.url}/models?lang=ko`);
  await hydrated(page);
  await page.getByRole('button', { name: words.nav.open_menu }).click();
  await page.getByRole('button', { name: words.palette.label }).click();
  const palette = page.getByRole('dialog', { name: words.palette.title });
  await expect(palette.getByRole('combobox')).toBeFocused();
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
  await palette.getByRole('option', { name: words.nav.limits }).click();
  await expect(page.getByRole('heading', { level: 1, name: words.nav.limits })).toBeVisible();
  await expect(palette).toBeHidden();
});

test('what people do is found by its name: keys, members, connections, limits and languages', async ({ page }) => {
  const house = here();
  const words = wordsOf('en');
  const lena = await house.person('Lena', 'admin');
  await house.signIn(page, lena);
  const asked: [string, string, string, string][] = [
    ['create', words.palette.create_key, words.keys.create, '/keys'],
    ['add mem', words.members.add, words.members.add, '/members'],
    ['add conn', words.connections.add, words.connections.add, '/connections'],
    ['add lim', words.limits.add, words.limits.add, '/limits'],
  ];
  for (const [typed, name, title, path] of asked) {
    await take(page, words, typed, name);
    const dialog = page.getByRole('dialog', { name: title });
    await expect(dialog).toBeVisible();
    // A page that is loaded again must not ask again.
    await expect(page).toHaveURL(house.url + path);
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }

  // By its own name there, by the word for languages back.
  const korean = wordsOf('ko');
  await take(page, words, '한국', '한국어');
  await expect(page.getByRole('link', { name: korean.nav.models, exact: true })).toBeVisible();
  await hydrated(page);
  await take(page, korean, korean.nav.language, 'English');
  await expect(page.getByRole('link', { name: words.nav.models, exact: true })).toBeVisible();

  // Who does not administer is offered none of it.
  const mia = await house.person('Mia');
  await page.context().clearCookies();
  await house.signIn(page, mia);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('add');
  const palette = page.getByRole('dialog', { name: words.palette.title });
  await expect(palette.getByText(words.palette.no_match)).toBeVisible();
});

test('an open chat is stopped, copied, written again, renamed and deleted from the palette', async ({ page }) => {
  const house = here();
  const words = wordsOf('en');
  await house.signIn(page, await house.person('Ondine'));
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: house.url });
  const chat = new Chat(page);
  const palette = page.getByRole('dialog', { name: words.palette.title });
  const option = (name: string) => palette.getByRole('option', { name });
  await chat.pick(/gpt-4o-mini/);
  await chat.say('Take your time');
  await chat.streams();

  // Esc closes what is open, and clears a field that is not the composer; the reply goes on.
  await page.keyboard.press('Control+k');
  await expect(option(words.palette.stop)).toBeVisible();
  await expect(option(words.palette.regenerate)).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
  await page.getByRole('searchbox', { name: words.history.search }).focus();
  await page.keyboard.press('Escape');
  await expect(chat.reply).toHaveAttribute('aria-busy', 'true');
  // Where one writes it stops the reply.
  await page.keyboard.press('Shift+Escape');
  await expect(chat.composer).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(chat.reply).toContainText(words.chat.stopped);
  await chat.finished();

  await take(page, words, 'copy', words.palette.copy_reply);
  await expect(page.getByText(words.common.copied, { exact: true }).filter({ visible: true }).first()).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/\S+ \S+/);

  await take(page, words, 'regen', words.palette.regenerate);
  await chat.streams();
  await expect(chat.reply).not.toContainText(words.chat.stopped);
  await take(page, words, 'stop', words.palette.stop);
  await expect(chat.reply).toContainText(words.chat.stopped);

  await take(page, words, 'rename', words.palette.rename_chat);
  const renaming = page.getByRole('dialog', { name: words.history.rename_title });
  await renaming.getByLabel(words.history.rename_label).fill('Patience');
  await renaming.getByRole('button', { name: words.common.save }).click();
  await expect(chat.title).toHaveText('Patience');
  const address = page.url();

  // It stays open while another page is shown, but nobody could see what happens to it.
  await page.getByRole('link', { name: words.nav.models, exact: true }).first().click();
  await expect(chat.title).toHaveText(words.models.title);
  await page.keyboard.press('Control+k');
  await expect(option('Patience')).toBeVisible();
  await expect(option(words.palette.delete_chat)).toHaveCount(0);
  await option('Patience').click();
  await expect(page).toHaveURL(address);

  await take(page, words, 'delete', words.palette.delete_chat);
  const question = page.getByRole('dialog', { name: words.history.delete_title });
  await expect(question).toContainText('Patience');
  await question.getByRole('button', { name: words.common.delete }).click();
  await expect(page).toHaveURL(`${house.url}/`);
  await expect(chat.history.getByRole('link', { name: 'Patience' })).toHaveCount(0);
});

test('the list of keys tells what Enter does for who reads it, and its keys work', async ({ page }) => {
  const house = here();
  const words = wordsOf('en');
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  const keys = page.getByRole('dialog', { name: words.palette.shortcuts });
  const keysOf = (does: string) => keys.locator('dl > div').filter({ hasText: does }).locator('kbd');
  await page.getByRole('main').focus();
  await page.keyboard.press('?');
  await expect(keysOf(words.palette.key_send)).toHaveText('Enter');
  await expect(keysOf(words.palette.key_line)).toHaveText('Shift Enter');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: words.composer.options }).click();
  await page.getByRole('button', { name: words.composer.enter_begins_line }).click();

  // Also on a page without a composer, loaded anew.
  await page.goto(`${house.url}/models`);
  await hydrated(page);
  await page.getByRole('main').focus();
  await page.keyboard.press('?');
  await expect(keysOf(words.palette.key_send)).toHaveText('Ctrl/⌘ Enter');
  await expect(keysOf(words.palette.key_line)).toHaveText('Enter');
  await expectNoAxeViolations(page);
  // Nothing happens behind it.
  await page.keyboard.press('Control+Shift+O');
  await expect(keys).toBeVisible();
  await expect(page).toHaveURL(`${house.url}/models`);
  await page.keyboard.press('Escape');
  await expect(keys).toBeHidden();

  await page.keyboard.press('Control+Shift+O');
  await expect(page).toHaveURL(`${house.url}/`);
  await expect(chat.composer).toBeFocused();
  await page.keyboard.type('One');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Two');
  await expect(chat.composer).toHaveValue('One\nTwo');
  await page.getByRole('main').focus();
  await page.keyboard.press('Shift+Escape');
  await expect(chat.composer).toBeFocused();
  await page.keyboard.press('Control+Enter');
  await expect(chat.questions.first()).toContainText('One');
  await expect(chat.composer).toHaveValue('');
});
