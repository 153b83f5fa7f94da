// What stands in the composer: kept, pasted, sent, and sent again.
import type { Page } from '@playwright/test';
import { Chat, expect, expectNoAxeViolations, expectReadableColours, hydrated, sharedHouse, test } from '../fixtures';

const here = sharedHouse();

/** Pastes into the focused field, as the clipboard would. */
async function paste(page: Page, text: string) {
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.activeElement!.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    );
  }, text);
}

test('each chat keeps its draft, over a reload and until one signs out', async ({ page }) => {
  const house = here();
  const nina = await house.person('Nina');
  await house.signIn(page, nina);
  const chat = new Chat(page);
  await chat.say('Hello');
  await chat.finished();
  const first = page.url();
  await chat.composer.fill('About the first');
  await page.getByRole('link', { name: 'New chat' }).first().click();
  await expect(chat.composer).toHaveValue('');
  await chat.composer.fill('Something new');
  await page.goto(first);
  await expect(chat.composer).toHaveValue('About the first');
  await page.goto(house.url);
  await expect(chat.composer).toHaveValue('Something new');
  // What was sent is no draft any more.
  await chat.composer.press('Enter');
  await chat.finished();
  await page.goto(house.url);
  await expect(chat.composer).toHaveValue('');
  await page.goto(first);
  await expect(chat.composer).toHaveValue('About the first');

  // Also when the page hears that nobody is signed in any more before its own sign-out is answered.
  await page.route('**/fn/sessions/sign_out*', async (route) => {
    const response = await route.fetch();
    await new Promise((done) => setTimeout(done, 1_500));
    await route.fulfill({ response });
  });
  await page.getByRole('button', { name: 'Nina' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/signin/);
  expect(await page.evaluate(() => Object.keys(localStorage).filter((name) => name.includes('draft')))).toEqual([]);
});

test('a draft is the same in two tabs of a chat, and goes from both when it is sent', async ({ page, context }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const one = new Chat(page);
  await one.say('Hello');
  await one.finished();
  const other = new Chat(await context.newPage());
  await other.page.goto(page.url());
  await hydrated(other.page);
  await other.composer.fill('Begun in another tab');
  await expect(one.composer).toHaveValue('Begun in another tab');
  await one.composer.press('Enter');
  await expect(other.composer).toHaveValue('');
  await expect(other.questions.last()).toContainText('Begun in another tab');
  await other.page.close();
});

test('a long text is pasted as a chip, sent with the message, and folded there', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  const long = Array.from({ length: 60 }, (_, line) => `Line ${line + 1} of the report\n`).join('\n');
  await chat.composer.fill('Sum this up:');
  await paste(page, 'a short note');
  await expect(page.getByRole('button', { name: /^Pasted text/ })).toHaveCount(0);
  await paste(page, long);
  await paste(page, long.replaceAll('report', 'letter'));
  await expect(page.getByRole('button', { name: /^Pasted text/ })).toHaveCount(2);
  await expect(chat.composer).toHaveValue('Sum this up:');
  await expectNoAxeViolations(page);
  // The second is taken away, the first is put into the text and pasted once more.
  await page.getByRole('button', { name: 'Remove pasted text' }).last().click();
  await page.getByRole('button', { name: /^Pasted text/ }).click();
  await expect(chat.composer).toHaveValue(/^Sum this up:\n\nLine 1 of the report/);
  await chat.composer.fill('Sum this up:');
  await paste(page, long);
  await page.reload();
  await expect(page.getByRole('button', { name: /^Pasted text/ })).toHaveCount(1);
  await chat.composer.press('Enter');
  const question = chat.questions.last();
  await expect(question).toContainText('Line 60 of the report');
  await expect(page.getByRole('button', { name: /^Pasted text/ })).toHaveCount(0);
  const all = question.getByRole('button', { name: 'Show all' });
  await expect(all).toHaveAttribute('aria-expanded', 'false');
  const folded = (await question.boundingBox())!.height;
  await all.click();
  await expect.poll(async () => (await question.boundingBox())!.height).toBeGreaterThan(folded * 2);
  await question.getByRole('button', { name: 'Show less' }).click();
  await chat.finished();
  await expectNoAxeViolations(page);
});

test('what could not be sent comes back and is sent again', async ({ page, browserErrors }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  browserErrors.expectConnectionLoss();
  let way: 'closed' | 'one way' | 'open' = 'closed';
  await page.route('**/fn/chats/send', async (route) => {
    // The second time the house hears it, and its answer is lost.
    if (way === 'one way') await route.fetch();
    await (way === 'open' ? route.continue() : route.abort());
  });
  await chat.say('Is anybody there?');
  const again = page.getByRole('button', { name: 'Send again' });
  await expect(again).toBeVisible();
  await expect(chat.composer).toHaveValue('Is anybody there?');
  await expect(chat.messages).toHaveCount(0);
  way = 'one way';
  await again.click();
  await expect(again).toBeVisible();
  await expect(chat.composer).toHaveValue('Is anybody there?');
  way = 'open';
  await again.click();
  await chat.finished();
  await expect(chat.composer).toHaveValue('');
  await expect(chat.questions).toHaveCount(1);
  await expect(chat.replies).toHaveCount(1);
  await page.reload();
  await expect(chat.questions).toHaveCount(1);
  await expect(chat.history.getByRole('link', { name: /anybody/ })).toHaveCount(1);
  // Where the chat shows that the house has it, there is nothing to send again.
  way = 'one way';
  await chat.say('And now?');
  await expect(chat.questions).toHaveCount(2);
  await chat.finished();
  await expect(again).toHaveCount(0);
  await expect(chat.composer).toHaveValue('');
});

test('words stand in the chat before the house has them', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  await page.route('**/fn/chats/send', async (route) => {
    await gate;
    await route.continue();
  });
  await chat.say('Patience');
  await expect(chat.thread.getByText('Patience')).toBeVisible();
  await expect(chat.thread.getByText('Sending…')).toBeVisible();
  // Paler than what was sent, and still to be read.
  await expectReadableColours(page);
  await expect(chat.composer).toHaveValue('');
  // One can go on writing meanwhile.
  await chat.composer.fill('The next one');
  open();
  await chat.finished();
  await expect(chat.thread.getByText('Sending…')).toHaveCount(0);
  await expect(chat.questions).toHaveCount(1);
  await expect(chat.composer).toHaveValue('The next one');
});

test('Enter does what one likes, and the price can be put away', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  const options = page.getByRole('button', { name: 'Writing options' });
  const price = page.locator('.composer-price');
  await expect(price).toBeVisible();
  await options.click();
  await page.getByRole('button', { name: 'Enter begins a new line' }).click();
  await options.click();
  await expectNoAxeViolations(page);
  await page.getByRole('button', { name: 'Show the price before sending' }).click();
  await expect(price).toBeHidden();
  await page.reload();
  await expect(price).toBeHidden();
  await expect(page.getByText('Ctrl + Enter')).toBeVisible();
  await chat.composer.pressSequentially('one');
  await chat.composer.press('Enter');
  await chat.composer.pressSequentially('two');
  await expect(chat.composer).toHaveValue('one\ntwo');
  await chat.composer.press('Control+Enter');
  await chat.finished();
  await expect(chat.questions).toHaveCount(1);
});
