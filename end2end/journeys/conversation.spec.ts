// A conversation as people lead it: stop, go on, edit, choose a branch, come back on another device.
import type { Page } from '@playwright/test';
import { expect, expectNoAxeViolations, Fakes, Server, test } from '../fixtures';

const email = 'olga@example.org';
const password = 'correct horse battery';

async function signIn(page: Page, server: Server) {
  await page.goto(`${server.url}/signin`);
  await page.locator('input[name=email]').fill(email);
  await page.locator('input[name=password]').fill(password);
  await page.locator('form button[type=submit]').click();
  await page.waitForURL(`${server.url}/`);
}

async function house(freshServer: () => Promise<Server>): Promise<Server> {
  const server = await freshServer();
  server.command(['user', 'create', '--email', email, '--role', 'owner', '--password-stdin'], `${password}\n`);
  // What a command changed beside the server holds within a second.
  await expect.poll(async () => (await fetch(`${server.url}/signin`, { redirect: 'manual' })).status).toBe(200);
  return server;
}

async function say(page: Page, text: string) {
  const composer = page.locator('textarea.composer-input');
  await composer.fill(text);
  await composer.press('Enter');
}

test('a reply is the same on another device', async ({ page, otherDevice, freshServer }) => {
  const server = await house(freshServer);
  await signIn(page, server);
  await page.locator('.picker-button').click();
  await page.getByRole('option', { name: /long/ }).click();
  await say(page, 'Tell me a lot');
  const reply = page.locator('article.from-model').last();
  await expect(reply.locator('.reply')).toContainText(/\w+/);
  const url = page.url();
  expect(url).toMatch(/\/chats\//);

  const other = await otherDevice();
  await signIn(other, server);
  await other.goto(url);
  const there = other.locator('article.from-model').last();
  await expect(there.locator('.reply')).toContainText(/\w+/);
  await expect(reply.locator('.message-meta .message-cost')).toBeVisible({ timeout: 20_000 });
  await expect(there.locator('.message-meta .message-cost')).toBeVisible({ timeout: 20_000 });
  expect(await there.locator('.reply').innerText()).toBe(await reply.locator('.reply').innerText());
  await expectNoAxeViolations(page);
});

test('an edited question becomes a branch and both stay reachable', async ({ page, freshServer }) => {
  const server = await house(freshServer);
  await signIn(page, server);
  await say(page, 'First question');
  await expect(page.locator('article.from-model .message-cost')).toBeVisible({ timeout: 20_000 });
  const question = page.locator('article.from-user').first();
  await question.hover();
  await question.getByRole('button', { name: 'Edit' }).click();
  await page.locator('.message-edit textarea').fill('Second question');
  await page.getByRole('button', { name: 'Save and resend' }).click();
  await expect(page.locator('article.from-user')).toContainText('Second question');
  await expect(page.locator('article.from-model .message-cost')).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('.branch').first()).toContainText('2 of 2');
  await page.getByRole('button', { name: 'Previous version' }).first().click();
  await expect(page.locator('article.from-user')).toContainText('First question');
});

test('a killed server leaves the text, marked interrupted, with a way to go on', async ({ page, freshServer, browserErrors }) => {
  browserErrors.expectConnectionLoss();
  const server = await house(freshServer);
  // A provider slow enough to be caught in the middle of its answer.
  const slow = await Fakes.start(['--chunks', '40', '--chunk-delay-ms', '300']);
  server.command(
    ['connection', 'add', '--kind', 'openai', '--name', 'openai', '--base-url', `${slow.url}/openai/v1`, '--key-stdin'],
    'sk-fake-1\n',
  );
  await signIn(page, server);
  await expect(async () => {
    await page.reload();
    await page.locator('.picker-button').click();
    await page.getByRole('option', { name: /gpt-4o-mini/ }).first().click({ timeout: 1_000 });
  }).toPass();
  await say(page, 'Tell me a lot');
  const said = page.locator('article.from-model').last().locator('.reply');
  await expect(said).toContainText(/\w+ \w+/);
  await page.waitForTimeout(600); // two flushes of the log
  const url = page.url();
  await server.restart('SIGKILL');
  await page.goto(url);
  const reply = page.locator('article.from-model').last();
  await expect(reply).toContainText('interrupted', { timeout: 15_000 });
  await expect(reply.locator('.reply')).toContainText(/\w+ \w+/);
  await expect(reply.getByRole('button', { name: 'Continue' })).toBeVisible();
  await expect(reply.locator('.message-meta .message-cost')).toBeVisible();
  await slow.stop();
});

test('every page opens clean, in English and in Korean', async ({ page, freshServer }) => {
  const server = await house(freshServer);
  await signIn(page, server);
  for (const lang of ['en', 'ko']) {
    for (const path of ['/', '/models', '/keys', '/account', '/members', '/connections', '/limits', '/calls', '/audit']) {
      await page.goto(`${server.url}${path}?lang=${lang}`);
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
      await expect(page.locator('h1')).toBeVisible();
      await expectNoAxeViolations(page);
    }
  }
});
