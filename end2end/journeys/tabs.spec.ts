// One member with several tabs open.
import type { BrowserContext, Page } from '@playwright/test';
import { Chat, expect, hydrated, LATE_PIECE, sharedHouse, test } from '../fixtures';

const here = sharedHouse((house, { slowFakes }) => house.connect('openai', slowFakes, 'gpt-4o-mini'));

/** Another tab of the same browser, which counts its live connections. */
async function tab(context: BrowserContext, address: string): Promise<{ chat: Chat; live: () => number }> {
  const page = await context.newPage();
  const live = countLive(page);
  await page.goto(address);
  return { chat: new Chat(page), live };
}

const isLive = (address: string) => new URL(address).pathname === '/live';

function countLive(page: Page): () => number {
  let count = 0;
  page.on('request', (request) => {
    if (isLive(request.url())) count += 1;
  });
  return () => count;
}

test('two tabs of one chat stay in step, and a third with another chat is left alone', async ({ page, context }) => {
  const house = here();
  const live = countLive(page);
  await house.signIn(page, house.olga);
  const one = new Chat(page);
  await one.pick(/^Demo(?! \()/);
  await one.say('The other chat');
  await one.finished();
  const other = await tab(context, page.url());
  await other.chat.composer.fill('not sent yet');

  await page.goto(house.url);
  await one.pick(/gpt-4o-mini/);
  await one.say('How are you?');
  await one.streams();
  const two = await tab(context, page.url());

  // The second tab sees the reply grow, and stops it for both.
  await two.chat.streams();
  const before = (await two.chat.text().innerText()).length;
  await expect.poll(async () => (await two.chat.text().innerText()).length).toBeGreaterThan(before);
  await two.chat.stop.click();
  for (const chat of [one, two.chat]) {
    await expect(chat.reply).toContainText('You stopped this reply.');
    await chat.finished();
    await expect(chat.stop).toHaveCount(0);
  }
  expect(await one.text().innerText()).toBe(await two.chat.text().innerText());

  // What is said in one appears in the other, question and reply alike.
  await two.chat.say('And now?');
  await expect(one.questions.last()).toContainText('And now?');
  await one.streams();
  await one.stop.click();
  await expect(two.chat.reply).toContainText('You stopped this reply.');
  await expect(one.replies).toHaveCount(2);
  await expect(two.chat.replies).toHaveCount(2);

  // A new name arrives in the head and in every history.
  const item = one.history.getByRole('link', { name: /^Notes on|How are you/ });
  await expect(item).toBeVisible();
  await item.hover();
  await one.history.getByRole('button', { name: /^More actions: (Notes on|How are you)/ }).click();
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Chat name' }).fill('A chat in two tabs');
  await page.getByRole('button', { name: 'Save' }).click();
  for (const chat of [one, two.chat]) await expect(chat.title).toHaveText('A chat in two tabs');
  for (const chat of [one, two.chat, other.chat]) {
    await expect(chat.history.getByRole('link', { name: 'A chat in two tabs' })).toBeVisible();
  }

  // Deleted in one, gone from all; the tab that showed it goes to a new chat.
  await two.chat.history.getByRole('link', { name: 'A chat in two tabs' }).hover();
  await two.chat.history.getByRole('button', { name: 'More actions: A chat in two tabs' }).click();
  await two.chat.page.getByRole('button', { name: 'Delete' }).click();
  await two.chat.page
    .getByRole('dialog', { name: 'Delete this chat?' })
    .getByRole('button', { name: 'Delete' })
    .click();
  for (const chat of [one, two.chat]) {
    await expect(chat.page).toHaveURL(`${house.url}/`);
    await expect(chat.title).toHaveText('New chat');
    await expect(chat.messages).toHaveCount(0);
  }
  for (const chat of [one, two.chat, other.chat]) {
    await expect(chat.history.getByRole('link', { name: 'A chat in two tabs' })).toHaveCount(0);
  }

  // The third tab has kept its chat, and the words that were being written there.
  await expect(other.chat.questions).toContainText('The other chat');
  await expect(other.chat.composer).toHaveValue('not sent yet');
  await expect(other.chat.reply).not.toContainText('You stopped this reply.');

  // From page to page a tab keeps its one live connection; the first one was loaded anew once.
  await two.chat.page.getByRole('link', { name: 'Models' }).click();
  await expect(two.chat.title).toHaveText('Models');
  await two.chat.history.getByRole('link').first().click();
  await expect(two.chat.questions).toContainText('The other chat');
  expect({ first: live(), second: two.live(), third: other.live() }).toEqual({ first: 2, second: 1, third: 1 });
});

test('a tab out of sight hangs up, and catches up when it is looked at again', async ({ page, context }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  await chat.pick(/^Demo(?! \()/);
  await chat.say('Before the break');
  await chat.finished();
  const hidden = await tab(context, page.url());
  await hidden.chat.finished();
  // Its connection is opened by a piece that comes once the page lives.
  await expect.poll(hidden.live).toBe(1);

  const gone = hidden.chat.page.waitForEvent('requestfailed', (request) => isLive(request.url()));
  await show(hidden.chat.page, false);
  await gone;
  await chat.say('During the break');
  await chat.finished();
  await expect(hidden.chat.replies).toHaveCount(1);

  await show(hidden.chat.page, true);
  await expect(hidden.chat.questions.last()).toContainText('During the break');
  await hidden.chat.finished();
  await expect(hidden.chat.replies).toHaveCount(2);
  expect(hidden.live()).toBe(2);
});

test('what is said before a tab has its connection is not missed', async ({ page, context }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  await chat.pick(/^Demo(?! \()/);
  await chat.say('Before the second tab');
  await chat.finished();
  let hand: () => void = () => {};
  const held = new Promise<void>((resolve) => (hand = resolve));
  const late = await context.newPage();
  await late.route(LATE_PIECE, async (route) => {
    await held;
    await route.continue();
  });
  await late.goto(page.url());
  const other = new Chat(late);
  await expect(other.replies).toHaveCount(1);

  await chat.say('While it comes to life');
  await chat.finished();
  hand();
  await expect(other.questions.last()).toContainText('While it comes to life');
  await expect(other.replies).toHaveCount(2);
  await other.finished();
});

/** Tells a page that its tab has come into sight or gone out of it, which a browser under test never does itself. */
async function show(page: Page, visible: boolean) {
  await hydrated(page);
  await page.evaluate((visible) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => !visible });
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (visible ? 'visible' : 'hidden'),
    });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, visible);
}
