// One field for everything: pages, chats, models and actions, from everywhere.
import { Chat, expect, expectNoAxeViolations, expectNoSidewaysScroll, hydrated, sharedHouse, test, wordsOf } from '../fixtures';

const here = sharedHouse();

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
