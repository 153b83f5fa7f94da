// Connections to providers that speak other dialects than OpenAI's: added, tested, priced, used, broken, removed.
import type { Locator, Page } from '@playwright/test';
import {
  addressOf,
  Chat,
  expect,
  expectNoAxeViolations,
  Fakes,
  House,
  sharedHouse,
  test,
  type Kind,
} from '../fixtures';

interface Dialect {
  kind: Kind;
  provider: string;
  /** A model whose price is known, and one that nobody has heard of. */
  priced: RegExp;
  unheard: string;
  found: number;
  /** What the provider tells of the account. */
  fact?: [string, string];
  /** The status with which it refuses a wrong key. */
  refusal: number;
}

const DIALECTS: Dialect[] = [
  {
    kind: 'anthropic',
    provider: 'Anthropic',
    priced: /^Claude Haiku 5\.5/,
    unheard: 'claude-unheard-1',
    found: 4,
    fact: ['anthropic-organization-id', '00000000-0000-4000-8000-00000000fa4e'],
    refusal: 401,
  },
  {
    kind: 'gemini',
    provider: 'Gemini',
    priced: /^gemini 3\.8 flash/,
    unheard: 'gemini-unheard-1',
    found: 5,
    refusal: 400,
  },
];

// Slow enough to see a reply grow, quick enough for many.
let paced: Fakes;
test.beforeAll(async () => {
  paced = await Fakes.start(['--chunks', '20', '--chunk-delay-ms', '60']);
});
test.afterAll(async () => {
  await paced?.stop();
});

const here = sharedHouse();

/** Fills in the form of a new connection and sends it. */
async function add(page: Page, house: House, { kind, provider }: Dialect, name: string, key: string) {
  await page.goto(`${house.url}/connections`);
  await page.getByRole('button', { name: 'Add connection' }).click();
  const form = page.getByRole('dialog', { name: 'Add connection' });
  await form.getByLabel('Provider').selectOption({ label: provider });
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Base URL').fill(addressOf(kind, paced));
  await form.getByLabel('API key').fill(key);
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

/** Opens the form of the connection whose page is shown. */
async function edit(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  return page.getByRole('dialog', { name: 'Edit connection' });
}

/** Gives the connection whose page is shown another key. */
async function renewKey(page: Page, key: string) {
  const form = await edit(page);
  await form.getByLabel('API key').fill(key);
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toBeHidden();
}

async function remove(page: Page, name: string) {
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  const question = page.getByRole('dialog', { name: `Remove “${name}”?` });
  const yes = question.getByRole('button', { name: 'Remove', exact: true });
  await expect(yes).toBeDisabled();
  await question.getByLabel(`Type “${name}” to confirm`).fill(name);
  await yes.click();
  await page.waitForURL(/\/connections$/);
  await expect(page.getByText('Connection removed')).toBeVisible();
  await expect(page.getByRole('row', { name: new RegExp(`^${name}`) })).toHaveCount(0);
}

for (const dialect of DIALECTS) {
  const { provider, priced, unheard, found, fact, refusal } = dialect;

  test(`${provider} is added, tested and priced, answers in a chat, and is removed`, async ({ page }) => {
    const house = here();
    const name = `our ${provider}`;
    await house.signIn(page, house.olga);
    await add(page, house, dialect, name, 'sk-fake-1');

    // The page of a new connection tests it without being asked.
    await expect(page.getByText('The connection works.')).toBeVisible();
    await expect(page.getByText(/^Answered in \d+(\.\d+)? s$/)).toBeVisible();
    await expect(page.getByText(`${found} models found`)).toBeVisible();
    if (fact) {
      await expect(page.getByText(fact[0], { exact: true })).toBeVisible();
      await expect(page.getByRole('definition').filter({ hasText: fact[1] })).toBeVisible();
    }
    await expect(page.getByRole('definition').filter({ hasText: 'Working' })).toBeVisible();
    await expectNoAxeViolations(page);

    // Models with a known price are on; of the unheard one the owner says what it costs, then switches it on.
    await expect(page.getByRole('row', { name: priced }).getByRole('switch')).toBeChecked();
    const row = page.getByRole('row').filter({ has: page.getByRole('switch', { name: `Enable ${unheard}` }) });
    await expect(row.getByRole('switch')).not.toBeChecked();
    await expect(row).toContainText('No price');
    await row.getByRole('button', { name: 'Set price' }).click();
    const form = page.getByRole('dialog', { name: `Price of ${unheard}` });
    await form.getByLabel('Input price', { exact: true }).fill('1000');
    await form.getByLabel('Output price', { exact: true }).fill('2000');
    await form.getByRole('button', { name: 'Save' }).click();
    await expect(row).toContainText('$1,000.00');
    // A page that is left takes along what it has not said yet.
    const said = page.waitForResponse('**/fn/connections/enable');
    await row.getByRole('switch').check();
    await said;
    await page.reload();
    await expect(row.getByRole('switch')).toBeChecked();

    // A chat over it: the reply grows, and its tokens and its cost stand below.
    await page.getByRole('link', { name: 'New chat' }).first().click();
    const chat = new Chat(page);
    await chat.pick(new RegExp(unheard.replaceAll('-', '[- ]'), 'i'));
    await chat.say('Two words');
    await chat.streams();
    await chat.finished();
    await expect(chat.text()).toContainText('You said: Two words');
    await expect(chat.text()).toContainText('That is all.');
    const [, input, output] = /(\d+) in · (\d+) out/.exec(await chat.figures().innerText())!;
    // A thousand dollars per million tokens in and two thousand out: tenths of a cent and twice as much.
    const cost = (Number(input) * 0.001 + Number(output) * 0.002).toFixed(4);
    await expect(chat.reply.getByText(`$${cost}`)).toBeVisible();
    await expect(chat.reply.getByText('Metered')).toBeVisible();
    await expect(chat.reply.getByText(unheard)).toBeVisible();

    await page.getByRole('link', { name: 'Connections' }).click();
    await page.getByRole('link', { name, exact: true }).click();
    await remove(page, name);
    await page.getByRole('link', { name: 'New chat' }).first().click();
    await page.getByRole('button', { name: /^Model/ }).click();
    await expect(page.getByRole('option', { name: /Demo/ }).first()).toBeVisible();
    await expect(page.getByRole('option', { name: priced })).toHaveCount(0);
  });

  test(`what is wrong with ${provider} is said in plain words`, async ({ page, context, fakes, browserErrors }) => {
    browserErrors.expectStatus(502, /connections\/sync/);
    browserErrors.expectStatus(409, /connections\/edit/);
    const house = here();
    const name = `weak ${provider}`;
    await house.signIn(page, house.olga);

    // A key that is none: the connection stands, and its page says what the provider said.
    await add(page, house, dialect, name, 'sk-wrong');
    const keyRefused = 'The provider did not accept the stored key. An administrator must check the connection.';
    await expect(page.getByText(`The models could not be read. ${keyRefused}`)).toBeVisible();
    await expect(page.getByText('The test failed.')).toBeVisible();
    await expect(page.getByText(keyRefused, { exact: true })).toBeVisible();
    await expect(page.getByText('In the provider’s own words')).toBeVisible();
    await expect(page.getByText(`HTTP status ${refusal}`)).toBeVisible();
    await expect(page.getByText('sk-wrong')).toHaveCount(0);

    await renewKey(page, 'sk-fake-1');
    await page.getByRole('button', { name: 'Update list' }).click();
    await expect(page.getByRole('row', { name: priced }).getByRole('switch')).toBeChecked();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await expect(page.getByText('The connection works.')).toBeVisible();

    // A chat in another tab meets each of the provider's bad days.
    const chat = new Chat(await context.newPage());
    await chat.page.goto(house.url);
    await chat.pick(priced);
    const days: [string, string | RegExp][] = [
      ['sk-fake-rate_limited', 'The provider is limiting requests. Try again in a moment.'],
      ['sk-fake-server_error', /The provider [^{}<>]+\./],
      ['sk-wrong', keyRefused],
    ];
    for (const [index, [key, words]] of days.entries()) {
      await renewKey(page, key);
      await chat.say(`Try ${index}`);
      await expect(chat.replies).toHaveCount(index + 1);
      await expect(chat.reply).toContainText(words);
      await expect(chat.reply.getByRole('button', { name: 'Regenerate' }).first()).toBeVisible();
      await expect(chat.reply.getByRole('button', { name: 'Continue' })).toHaveCount(0);
    }
    await expectNoAxeViolations(chat.page);

    // Once it is mended, the same question is answered.
    await renewKey(page, 'sk-fake-1');
    await chat.reply.getByRole('button', { name: 'Regenerate' }).first().click();
    await chat.finished();
    await expect(chat.text()).toContainText(/You said: (Try \d\s+)*Try 2/); // Some dialects join what was left unanswered.

    // Another address asks for the key again, at the key.
    const form = await edit(page);
    await expect(form.getByLabel('API key')).toHaveValue('');
    await form.getByLabel('Base URL').fill(addressOf(dialect.kind, fakes));
    await form.getByRole('button', { name: 'Save' }).click();
    const key = form.getByLabel('API key');
    await expect(key).toHaveAttribute('aria-invalid', 'true');
    await expect(key).toHaveAccessibleDescription(/The base URL has changed\. Enter the key again/);
    await key.fill('sk-fake-2');
    await form.getByRole('button', { name: 'Save' }).click();
    await expect(form).toBeHidden();
    await expect(page.getByRole('definition').filter({ hasText: addressOf(dialect.kind, fakes) })).toBeVisible();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await expect(page.getByText('The connection works.')).toBeVisible();

    await remove(page, name);
  });
}
