// A server that dies in the middle of a reply.
import { Chat, expect, House, test } from '../fixtures';

test('a killed server leaves the text, and Continue finishes the reply', async ({
  page,
  freshServer,
  slowFakes,
  browserErrors,
}) => {
  browserErrors.expectConnectionLoss();
  const house = await House.open(await freshServer());
  await house.connect('openai', slowFakes, 'gpt-4o-mini');
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  await chat.pick(/gpt-4o-mini/);
  await chat.say('Tell me a lot');
  // The log is written four times a second, and a piece of seven letters comes ten times: what is there now will be
  // in the log once as much again has come.
  await expect(chat.text()).toContainText('You said: Tell me a lot');
  const logged = (await chat.text().innerText()).trim();
  await expect.poll(async () => (await chat.text().innerText()).length).toBeGreaterThan(logged.length + 40);
  await house.server.restart('SIGKILL');

  // The open page comes back to the server by itself.
  await expect(chat.reply).toContainText('The reply was interrupted. What arrived is kept.', { timeout: 20_000 });
  await expect(chat.text()).toContainText('You said: Tell me a lot');
  await expect(chat.figures()).toBeVisible();
  await expect(chat.reply.getByText('Estimated')).toBeVisible();
  const kept = (await chat.text().innerText()).trim();
  expect(kept.startsWith(logged)).toBe(true);
  const spent = await chat.figures().innerText();

  await chat.reply.getByRole('button', { name: 'Continue' }).click();
  await expect(chat.reply).toHaveAttribute('aria-busy', 'true');
  await expect(chat.reply).not.toContainText('interrupted');
  await chat.finished();
  // One reply, which goes on where it stopped and comes to its end, with both calls in its figures.
  await expect(chat.replies).toHaveCount(1);
  await expect(chat.text()).toContainText('That is all.');
  expect((await chat.text().innerText()).startsWith(kept)).toBe(true);
  await expect(chat.reply.getByRole('button', { name: 'Continue' })).toHaveCount(0);
  expect(await chat.figures().innerText()).not.toBe(spent);

  const whole = await chat.text().innerText();
  await page.reload();
  await expect(chat.text()).toHaveText(whole, { useInnerText: true });
  await expect(chat.reply).not.toContainText('interrupted');
});
