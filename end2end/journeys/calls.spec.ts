// The list of calls: filtered by its address, by what leads to it, and by days from the calendar; and how it keeps up
// with the house while somebody looks at it.
import type { Page } from '@playwright/test';
import {
  expect,
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  expectReadableColours,
  Fakes,
  filled,
  House,
  sharedHouse,
  test,
  wordsOf,
} from '../fixtures';

const here = sharedHouse(async (house, { fakes }) => {
  await house.connect('openai', fakes, 'gpt-4o-mini');
  await house.person('Ben', 'member');
  for (const person of house.people) {
    const key = await house.key(person, `${person.name}'s laptop`);
    for (const model of ['gpt-4o-mini', 'demo', 'gpt-4o-mini']) await house.ask(key, model);
  }
});

const en = wordsOf('en');

test('the home page leads to the calls of a model, and a filter is taken away by keyboard', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  await page.goto(`${house.url}/home`);
  const models = page.getByRole('region', { name: en.nav.models });
  await models.getByRole('link', { name: 'gpt-4o-mini' }).click();
  await expect(page).toHaveURL(/\/calls\?model=gpt-4o-mini&from=\d{4}-\d\d-\d\d$/);
  const table = page.getByRole('table', { name: en.calls.title });
  const rows = table.locator('tbody tr');
  await expect(rows).toHaveCount(4);
  const filter = page.getByRole('link', { name: /Model gpt-4o-mini$/ });
  await expect(filter).toBeVisible();
  await expectNoAxeViolations(page);
  await page.reload();
  await expect(rows).toHaveCount(4);

  await filter.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/calls\?from=/);
  await expect(rows).toHaveCount(6);
  await expect(filter).toHaveCount(0);
  await expect(page.getByRole('button', { name: en.days.label })).toBeFocused();
  await rows.getByRole('link', { name: 'demo', exact: true }).first().click();
  await expect(rows).toHaveCount(2);
  await page.goBack();
  await expect(rows).toHaveCount(6);

  // Only mine leads to only mine.
  await page.goto(`${house.url}/home?of=mine`);
  await models.getByRole('link', { name: 'gpt-4o-mini' }).click();
  await expect(page).toHaveURL(/\/calls\?of=mine&model=gpt-4o-mini&from=/);
  await expect(rows).toHaveCount(2);
  await page.goto(`${house.url}/calls?model=no-such-model`);
  await expect(page.getByText(en.calls.no_match)).toBeVisible();
  await page.getByRole('link', { name: en.home.show_all }).click();
  await expect(rows).toHaveCount(6);
});

test('days are chosen with the keyboard, and days that run backwards are not', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  await page.goto(`${house.url}/calls?model=gpt-4o-mini`);
  const rows = page.getByRole('table', { name: en.calls.title }).locator('tbody tr');
  const days = page.getByRole('button', { name: en.days.label });
  await expect(days).toHaveText(en.days.all);
  await days.focus();
  await page.keyboard.press('Enter');
  const today = page.getByRole('link', { name: en.usage.today, exact: true });
  await expect(today).toBeVisible();
  await expectNoAxeViolations(page);
  await page.keyboard.press('Escape');
  await expect(today).toBeHidden();
  await expect(days).toBeFocused();

  await page.keyboard.press('Enter');
  await today.click();
  await expect(page).toHaveURL(/\/calls\?model=gpt-4o-mini&from=(\d{4}-\d\d-\d\d)&to=\1$/);
  await expect(rows).toHaveCount(4);
  await expect(today).toBeHidden();
  await days.click();
  await expect(today).toHaveAttribute('aria-current', 'true');
  await page.getByRole('link', { name: en.days.last_month }).click();
  await expect(page.getByText(en.calls.no_match)).toBeVisible();

  await days.click();
  await page.getByLabel(en.calls.filter_from, { exact: true }).fill('2026-11-02');
  await page.getByLabel(en.calls.filter_to, { exact: true }).fill('2026-11-01');
  await page.keyboard.press('Enter');
  await expect(page.getByText(en.days.backwards)).toBeVisible();
  await expectNoAxeViolations(page);
  await page.getByLabel(en.calls.filter_to, { exact: true }).fill('');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/calls\?model=gpt-4o-mini&from=2026-11-02$/);
  await expect(days).toHaveText(filled(en.days.since));
  await expect(rows).toHaveCount(4);
  // What was chosen stands in the fields when the page comes anew.
  await page.reload();
  await days.click();
  await expect(page.getByLabel(en.calls.filter_from, { exact: true })).toHaveValue('2026-11-02');
  await page.getByRole('link', { name: en.days.all }).click();
  await expect(page).toHaveURL(`${house.url}/calls?model=gpt-4o-mini`);
});

test('the sheet of days works without the app', async ({ browser, page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const storageState = await page.context().storageState();
  const context = await browser.newContext({ javaScriptEnabled: false, storageState });
  const bare = await context.newPage();
  await bare.goto(`${house.url}/calls?of=mine&model=gpt-4o-mini`);
  await bare.getByRole('button', { name: en.days.label }).click();
  await bare.getByLabel(en.calls.filter_from, { exact: true }).fill('2026-11-01');
  await bare.getByRole('button', { name: en.days.apply }).click();
  await expect(bare).toHaveURL(`${house.url}/calls?of=mine&model=gpt-4o-mini&from=2026-11-01&to=`);
  await context.close();
});

test('a member finds their own calls from their usage', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.people[1]);
  await page.goto(`${house.url}/usage`);
  await page.getByRole('link', { name: en.usage.calls }).click();
  await expect(page).toHaveURL(/\/calls\?from=\d{4}-\d\d-01$/);
  await expect(page.getByRole('table', { name: en.calls.title }).locator('tbody tr')).toHaveCount(3);
  await page.goto(`${house.url}/usage?range=today`);
  await page.getByRole('link', { name: 'gpt-4o-mini' }).click();
  await expect(page).toHaveURL(/\/calls\?model=gpt-4o-mini&from=\d{4}-\d\d-\d\d$/);
  await expect(page.getByRole('table', { name: en.calls.title }).locator('tbody tr')).toHaveCount(2);
});

test('on a phone in Korean the tools and their sheet fit, by day and by night', async ({ page }) => {
  const house = here();
  const ko = wordsOf('ko');
  await page.setViewportSize({ width: 360, height: 740 });
  await house.signIn(page, house.olga);
  await page.goto(`${house.url}/calls?lang=ko&of=mine&model=gpt-4o-mini&from=2026-11-01&to=2026-12-31`);
  await expect(page.getByRole('table', { name: ko.calls.title }).locator('tbody tr')).toHaveCount(2);
  await expectNoSidewaysScroll(page);
  await page.getByRole('button', { name: ko.days.label }).click();
  await expect(page.getByRole('link', { name: ko.days.last_month })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await expectReadableColours(page);
});

/** A streamed call of a gateway key: it runs as long as the provider takes. */
async function stream(house: House, key: string, model: string) {
  const answer = await fetch(`${house.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'What is a purser?' }] }),
  });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('[DONE]');
}

function rowsOf(page: Page) {
  return page.getByRole('table', { name: en.calls.title }).locator('tbody tr');
}

test('calls appear by themselves, and a running one becomes settled in its line', async ({
  freshServer,
  page,
  otherDevice,
  slowFakes,
}) => {
  const house = await House.open(await freshServer());
  await house.connect('openai', slowFakes, 'gpt-4o-mini');
  const ben = await house.person('Ben', 'member');
  const [hers, his] = [await house.key(house.olga, 'hers'), await house.key(ben, 'his')];
  const own = await otherDevice();
  await house.signIn(own, ben);
  await own.goto(`${house.url}/calls`);
  await house.signIn(page, house.olga);
  await page.goto(`${house.url}/calls`);
  await expect(page.getByText(en.calls.empty_title)).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: en.calls.live })).toBeVisible();

  const rows = rowsOf(page);
  await house.ask(hers, 'demo');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText(en.calls.state_settled);
  await expectNoAxeViolations(page);

  const answered = stream(house, his, 'gpt-4o-mini');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText('gpt-4o-mini');
  await expect(rows.first()).toContainText(en.calls.state_open);
  // The line itself stays, with whoever stands in it.
  await rows.first().evaluate((row) => (row.id = 'watched'));
  const link = page.locator('#watched').getByRole('link', { name: 'gpt-4o-mini' });
  await link.focus();
  await answered;
  await expect(page.locator('#watched')).toContainText(en.calls.state_settled);
  await expect(page.locator('#watched').getByTitle(/^\$/)).toBeVisible();
  await expect(page.locator('#watched')).toContainText(en.provenance.metered);
  await expect(link).toBeFocused();
  await expect(rows).toHaveCount(2);

  // A member has seen their own, and nothing else.
  await expect(rowsOf(own)).toHaveCount(1);
  await expect(rowsOf(own)).toContainText(en.calls.state_settled);

  // What is filtered is live as well.
  await link.click();
  await expect(page).toHaveURL(`${house.url}/calls?model=gpt-4o-mini`);
  await expect(rows).toHaveCount(1);
  await house.ask(hers, 'demo');
  await house.ask(hers, 'gpt-4o-mini');
  await expect(rows).toHaveCount(2);
  await expect(rowsOf(own)).toHaveCount(1);
});

test('nothing moves under the eyes of who reads further down, and a pause holds the list still', async ({
  freshServer,
  page,
  otherDevice,
}) => {
  test.setTimeout(120_000);
  const slowest = await Fakes.start(['--chunks', '200', '--chunk-delay-ms', '100']);
  try {
    const house = await House.open(await freshServer());
    await house.connect('openai', slowest, 'gpt-4o-mini');
    const key = await house.key(house.olga, 'laptop');
    await house.signIn(page, house.olga);
    const answered = stream(house, key, 'gpt-4o-mini');
    await page.goto(`${house.url}/calls`);
    const rows = rowsOf(page);
    await expect(rows).toHaveCount(1);
    await Promise.all(Array.from({ length: 55 }, () => house.ask(key, 'demo')));
    // The call that runs is now behind the newest page.
    await page.reload();
    await expect(rows).toHaveCount(50);
    await page.getByRole('button', { name: en.common.load_more }).click();
    await expect(rows).toHaveCount(56);
    await expect(rows.last()).toContainText(en.calls.state_open);

    await rows.nth(20).evaluate((row) => {
      row.id = 'read';
      row.scrollIntoView({ block: 'center' });
    });
    const top = () => page.locator('#read').evaluate((row) => row.getBoundingClientRect().top);
    const before = await top();
    await house.ask(key, 'demo');
    await expect(page.getByRole('button', { name: en.calls.new_one.replace('{count}', '1') })).toBeVisible();
    await house.ask(key, 'demo');
    const news = page.getByRole('button', { name: en.calls.new_other.replace('{count}', '2') });
    await expect(news).toBeVisible();
    expect(Math.abs((await top()) - before)).toBeLessThan(1);
    await expect(rows).toHaveCount(56);
    await expectNoAxeViolations(page);
    // What runs further down ends where it stands.
    await answered;
    await expect(rows.last()).toContainText(en.calls.state_settled);
    expect(Math.abs((await top()) - before)).toBeLessThan(1);

    await news.focus();
    await page.keyboard.press('Enter');
    await expect(rows).toHaveCount(58);
    await expect(news).toHaveCount(0);
    expect(await page.evaluate(() => window.scrollY)).toBe(0);
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();

    // Paused, it stays as it is while another page follows.
    const pause = page.getByRole('button', { name: en.calls.live_pause, exact: true });
    await pause.click();
    await expect(pause).toHaveAttribute('aria-pressed', 'true');
    await expect(page.getByRole('status').filter({ hasText: en.calls.live_paused })).toBeVisible();
    const other = await otherDevice();
    await house.signIn(other, house.olga);
    await other.goto(`${house.url}/calls?model=gpt-4o-mini`);
    for (const count of [2, 3]) {
      await house.ask(key, 'gpt-4o-mini');
      await expect(rowsOf(other)).toHaveCount(count);
    }
    await expect(rows).toHaveCount(58);
    await pause.click();
    await expect(rows).toHaveCount(60);
  } finally {
    await slowest.stop();
  }
});
