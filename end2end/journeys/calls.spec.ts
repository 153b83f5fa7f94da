// The list of calls: filtered by its address, by what leads to it, and by days from the calendar.
import {
  expect,
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  expectReadableColours,
  filled,
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
