// The first five minutes: from the link on the console to the first chat and the first key.
import { expect, expectNoAxeViolations, test } from '../fixtures';

const password = 'correct horse battery';

test('a new owner sets up, chats with the demo and finds the reply after a reload', async ({ page, freshServer }) => {
  const server = await freshServer();
  await page.goto(await server.setupLink());
  await expectNoAxeViolations(page);
  await page.getByLabel('Your name').or(page.locator('input[name=name]')).first().fill('Olga');
  await page.locator('input[name=email]').fill('olga@example.org');
  await page.locator('input[name=password]').fill(password);
  await page.locator('form button[type=submit]').click();
  await page.waitForURL(`${server.url}/home`);
  await expectNoAxeViolations(page);
  await page.goto(server.url);
  await expectNoAxeViolations(page);

  const composer = page.locator('textarea.composer-input');
  await composer.fill('Hello there');
  await composer.press('Enter');
  const reply = page.locator('article.from-model').last();
  await expect(reply).toContainText('demo model', { timeout: 15_000 });
  await expect(reply.locator('.message-meta')).toBeVisible({ timeout: 15_000 });
  await expect(composer).toHaveValue('');
  await expect(page).toHaveURL(/\/chats\/[0-9a-f-]{36}$/);
  await expectNoAxeViolations(page);

  await expect(page.locator('.chat-title')).toContainText('Hello there');

  await page.reload();
  await expect(page.locator('article.from-user')).toContainText('Hello there');
  await expect(page.locator('article.from-model')).toContainText('demo model');
});
