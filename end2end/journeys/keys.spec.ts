// Keys for programs, what they cost, and the limits that hold them.
import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import OpenAI from 'openai';
import type { Page } from '@playwright/test';
import { Chat, expect, expectNoAxeViolations, House, sharedHouse, test } from '../fixtures';

const here = sharedHouse((house, { fakes }) => house.connect('openai', fakes, 'gpt-4o-mini'));

const run = promisify(execFile);

/** Makes a key on its page; returns its secret and the example in JavaScript, which names the key and a model. */
async function makeKey(
  page: Page,
  house: House,
  name: string,
  look = false,
): Promise<{ secret: string; example: string }> {
  await page.goto(`${house.url}/keys`);
  await page.getByRole('button', { name: 'Create key' }).first().click();
  const form = page.getByRole('dialog', { name: 'Create key' });
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Only chosen models').check();
  await form.getByLabel(/gpt-4o-mini/).check();
  await form.getByRole('button', { name: 'Create key' }).click();

  const made = page.getByRole('dialog', { name: 'Key created' });
  await expect(made.getByText('Copy this key now. It is shown only once.')).toBeVisible();
  const secret = (await made.getByLabel('Your key').textContent())!;
  expect(secret).toMatch(/^sk-purser-/);
  for (const tab of ['With Python', 'With curl']) {
    await made.getByRole('tab', { name: tab }).click();
    await expect(made.getByRole('tabpanel', { name: tab })).toContainText(secret);
  }
  await made.getByRole('tab', { name: 'With JavaScript' }).click();
  const example = (await made.getByRole('tabpanel').locator('pre').textContent())!;
  expect(example).toContain(`${house.url}/v1`);
  if (look) await expectNoAxeViolations(page);
  await made.getByRole('button', { name: 'I have stored the key' }).click();
  await expect(page.getByText(secret)).toHaveCount(0);
  return { secret, example };
}

/** Sets a limit on its page: the select boxes by the words one chooses, and the ceiling. */
async function setLimit(page: Page, house: House, choices: Record<string, string>, ceiling: string) {
  await page.goto(`${house.url}/limits`);
  await page.getByRole('button', { name: 'Add limit' }).first().click();
  const form = page.getByRole('dialog', { name: 'Add limit' });
  for (const [label, option] of Object.entries(choices)) await form.getByLabel(label).selectOption({ label: option });
  await form.getByRole('textbox', { name: 'Ceiling' }).fill(ceiling);
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText('Limit saved')).toBeVisible();
}

test('a member makes a key, runs its example and finds the call with its cost', async ({ page }) => {
  const house = here();
  const ann = await house.person('ann');
  await house.signIn(page, ann);
  const { example } = await makeKey(page, house, 'laptop', true);
  const row = page.getByRole('row', { name: /^laptop/ });
  await expect(row).toContainText('Never used');

  // The example as it stands there is a program, and it runs.
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', example], {
    cwd: dirname(dirname(fileURLToPath(import.meta.url))),
  });
  expect(stdout).toContain('You said: Hello');

  await page.goto(`${house.url}/calls`);
  const call = page.getByRole('row').filter({ hasText: 'laptop' });
  await expect(call).toContainText('Gateway');
  await expect(call).toContainText('gpt-4o-mini');
  await expect(call).toContainText('Settled');
  await expect(call).toContainText(/\$0\.0\d+/);
  await expect(call).toContainText('Metered');
  await expectNoAxeViolations(page);

  // What was charged is what the tokens cost: 0.15 and 0.60 dollars per million.
  const cells = await call.getByRole('cell').allInnerTexts();
  const [input, output] = [cells[4], cells[5]].map(Number);
  const exact = (input * 0.15 + output * 0.6) / 1_000_000;
  const shown = await call.getByTitle(/^\$/).getAttribute('title');
  expect(Number(shown!.slice(1))).toBeCloseTo(exact, 9);

  await page.goto(`${house.url}/keys`);
  await expect(row).not.toContainText('Never used');
});

test('a limit refuses the next call at both doors, and says which it is', async ({ page, otherDevice }) => {
  const house = here();
  const bea = await house.person('bea');
  await house.signIn(page, bea);
  const { secret } = await makeKey(page, house, 'script');
  const client = new OpenAI({ apiKey: secret, baseURL: `${house.url}/v1`, maxRetries: 0 });
  const ask = () =>
    client.chat.completions.create({
      model: 'gpt-4o-mini',
      max_completion_tokens: 100,
      messages: [{ role: 'user', content: 'Hello' }],
    });
  expect((await ask()).choices[0].message.content).toContain('Hello');
  await page.goto(house.url);
  const chat = new Chat(page);
  await chat.pick(/gpt-4o-mini/);
  await chat.say('Before the limit');
  await chat.finished();

  const office = await otherDevice();
  await house.signIn(office, house.olga);
  const whose = { 'Applies to': 'Member', 'Which one': 'bea' };
  await setLimit(office, house, { ...whose, Unit: 'Requests', Window: 'Per day' }, '1');
  // A limit counts from when it is set: one call is left.
  expect((await ask()).choices[0].finish_reason).toBe('stop');
  await chat.say('One too many');
  await expect(chat.replies).toHaveCount(2);
  await expect(chat.reply).toContainText('The request limit for this account is used up.');
  await expect(chat.reply.getByRole('button', { name: 'Regenerate' }).first()).toBeVisible();
  await expect(ask()).rejects.toMatchObject({ status: 429, code: 'limit_reached' });
  await expect(ask()).rejects.toThrow(/The member limit has 0 requests left/);
  // Others are not held by it.
  const other = new Chat(office);
  await office.goto(house.url);
  await other.pick(/gpt-4o-mini/);
  await other.say('Still open for the owner');
  await other.finished();

  // The limit goes, a budget comes: one that the longest possible reply would break.
  await office.goto(`${house.url}/limits`);
  await office.getByRole('row', { name: /^bea/ }).getByRole('button', { name: 'Remove' }).click();
  await office.getByRole('dialog', { name: 'Remove this limit?' }).getByRole('button', { name: 'Remove' }).click();
  await expect(office.getByText('Limit removed')).toBeVisible();
  await setLimit(office, house, { ...whose, Unit: 'Money', Window: 'Per month' }, '0.000001');
  await expectNoAxeViolations(office);
  await chat.say('And now?');
  await expect(chat.replies).toHaveCount(3);
  await expect(chat.reply).toContainText(
    /The budget for this account is used up until .+|but only \$\S+ is left in the budget for this account\./,
  );
  await expect(ask()).rejects.toMatchObject({ status: 402, code: 'insufficient_quota' });
  await expect(ask()).rejects.toThrow(/The member limit has \S+ left and this request may need/);
  await expectNoAxeViolations(page);
});

test('a revoked key stops working at once', async ({ page }) => {
  const house = here();
  const cleo = await house.person('cleo');
  await house.signIn(page, cleo);
  const { secret } = await makeKey(page, house, 'lost');
  const client = new OpenAI({ apiKey: secret, baseURL: `${house.url}/v1`, maxRetries: 0 });
  expect((await client.models.list()).data.map((model) => model.id)).toEqual(['gpt-4o-mini']);
  await page.getByRole('button', { name: 'Revoke: lost' }).click();
  await page.getByRole('dialog', { name: 'Revoke the key “lost”?' }).getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('Key revoked')).toBeVisible();
  await expect(page.getByRole('row', { name: /^lost/ })).toContainText('Revoked');
  await expect(client.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
});
