// A conversation as people lead it: edit, choose a branch, come back on another device.
import { Chat, expect, expectNoAxeViolations, sharedHouse, test } from '../fixtures';

const here = sharedHouse();

test('a reply is the same on another device', async ({ page, otherDevice }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  await chat.pick(/long/);
  await chat.say('Tell me a lot');
  await expect(chat.text()).toContainText(/\w+/);
  await expect(page).toHaveURL(/\/chats\/[0-9a-f-]{36}$/);

  const other = new Chat(await otherDevice());
  await house.signIn(other.page, house.olga);
  await other.page.goto(page.url());
  await expect(other.text()).toContainText(/\w+/);
  await chat.finished();
  await other.finished();
  expect(await other.text().innerText()).toBe(await chat.text().innerText());
  await expectNoAxeViolations(page);
});

test('an edited question becomes a branch and both stay reachable', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  await chat.say('First question');
  await chat.finished();
  const question = chat.questions.first();
  await question.hover();
  await question.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Edit message' }).fill('Second question');
  await page.getByRole('button', { name: 'Save and resend' }).click();
  await expect(chat.questions).toContainText('Second question');
  await chat.finished();
  await expect(chat.questions.getByText('2 of 2')).toBeVisible();
  await page.getByRole('button', { name: 'Previous version' }).first().click();
  await expect(chat.questions).toContainText('First question');
});

test('who asks for another reply while one is written is told so, and it goes on', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  await chat.pick(/long/);
  await chat.say('Tell me a lot');
  await chat.finished();
  const first = await chat.text().innerText();
  const before = chat.replies.first();
  await chat.say('And more');
  await chat.stop.waitFor();
  // At once, without pointing first: the reply will not wait for a slow machine.
  await before.getByRole('button', { name: 'Regenerate' }).dispatchEvent('click');
  await expect(page.getByText('A reply is already being written in this chat.')).toBeVisible();
  await chat.finished();
  await expect(chat.messages).toHaveCount(4);
  expect(await chat.text(before).innerText()).toBe(first);

  // What can be done with the last message is always there, with others where one points.
  await chat.composer.hover();
  await chat.composer.focus();
  await expect(chat.reply.locator('.message-actions')).toHaveCSS('opacity', '1');
  await expect(before.locator('.message-actions')).toHaveCSS('opacity', '0');
});
