// The home page: what was used, what needs a look, and the guide from an empty house to a used one.
import {
  addressOf,
  Chat,
  expect,
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  expectReadableColours,
  hydrated,
  PASSWORD,
  sharedHouse,
  test,
  wordsOf,
} from '../fixtures';

const here = sharedHouse(async (house, { fakes }) => {
  await house.connect('openai', fakes, 'gpt-4o-mini');
  await house.person('Ben', 'member');
  for (const person of house.people) {
    const key = await house.key(person, `${person.name}'s laptop`, '25');
    for (let call = 0; call < 3; call++) await house.ask(key, 'gpt-4o-mini');
  }
  // Whoever wants no guide; she has used nothing yet.
  await house.person('Dora', 'admin');
});

const en = wordsOf('en');

test('the house and my own figures, by address and by keyboard', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  await page.getByRole('link', { name: en.nav.home, exact: true }).click();
  await expect(page).toHaveURL(`${house.url}/home`);
  await expect(page.getByRole('heading', { level: 1, name: en.home.title })).toBeVisible();
  await expect(page.getByText(en.home.intro_house)).toBeVisible();
  const members = page.getByRole('region', { name: en.nav.members });
  await expect(members.getByText('Ben')).toBeVisible();
  const chart = page.getByRole('img', { name: /^From / });
  await expect(chart).toBeVisible();
  await expectNoAxeViolations(page);

  // What a day cost stands above it while a pointer is on it.
  const tip = chart.locator('.chart-tip').last();
  await expect(tip).toHaveCSS('opacity', '0');
  await chart.locator('.chart-hit').last().hover();
  await expect(tip).toHaveCSS('opacity', '1');
  await expect(tip).toContainText('6 calls');

  // The same as a table.
  await page.getByText(en.home.figures).focus();
  await page.keyboard.press('Enter');
  const table = page.getByRole('table', { name: en.home.chart });
  await expect(table.getByRole('row')).toHaveCount(3);

  // Only mine, then a week of it; both stay in the address and the keyboard keeps its place.
  const mine = page.getByRole('link', { name: en.home.of_mine });
  await mine.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${house.url}/home?of=mine`);
  await expect(mine).toHaveAttribute('aria-current', 'page');
  await expect(mine).toBeFocused();
  await expect(members).toHaveCount(0);
  await expect(page.getByText(en.home.intro_mine)).toBeVisible();
  await page.getByRole('link', { name: en.home.span_week }).click();
  await expect(page).toHaveURL(`${house.url}/home?of=mine&days=7`);
  await expect(page.getByRole('link', { name: en.home.span_week })).toHaveAttribute('aria-current', 'page');
  await chart.locator('.chart-hit').last().hover();
  await expect(tip).toContainText('3 calls');
  await page.reload();
  await expect(page.getByRole('link', { name: en.home.span_week })).toHaveAttribute('aria-current', 'page');
  await page.goBack();
  await expect(page.getByRole('link', { name: en.home.span_month })).toHaveAttribute('aria-current', 'page');
  // Colours on their way from day to night are neither.
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await expectReadableColours(page);
});

test('my usage is sorted by its heads and kept in the address', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.people[1]);
  const chat = new Chat(page);
  await chat.pick(/^Demo(?! \()/);
  await chat.say('Hello');
  await chat.finished();
  await page.getByRole('link', { name: en.nav.usage, exact: true }).click();
  await expect(page).toHaveURL(`${house.url}/usage`);
  const models = page.getByRole('table', { name: en.calls.model });
  await expect(models.locator('tbody th').first()).toHaveText('gpt-4o-mini');
  await expectNoAxeViolations(page);
  const byName = models.getByRole('link', { name: en.calls.model });
  await byName.click();
  await expect(page).toHaveURL(/sort=name&way=up/);
  await expect(models.locator('tbody th').first()).toHaveText('demo');
  await expect(models.locator('th[aria-sort=ascending]')).toHaveText(en.calls.model);
  await expect(page.getByRole('table', { name: en.calls.key }).getByText(en.usage.keyless)).toBeVisible();
  await page.getByRole('link', { name: en.usage.today }).click();
  await expect(page).toHaveURL(`${house.url}/usage?range=today&sort=name&way=up`);
  await expect(models.locator('tbody th').first()).toHaveText('demo');
  await page.goto(`${house.url}/usage?range=nonsense`);
  await expect(page.getByRole('link', { name: en.usage.month })).toHaveAttribute('aria-current', 'page');
});

test('on a phone in Korean it fits by day and by night', async ({ page }) => {
  const house = here();
  const ko = wordsOf('ko');
  await page.setViewportSize({ width: 360, height: 740 });
  await house.signIn(page, house.olga);
  for (const path of ['/home?lang=ko', '/home?lang=ko&days=90&of=mine', '/usage?lang=ko']) {
    await page.goto(house.url + path);
    await expect(page.locator('.skeleton')).toHaveCount(0);
    if (path.startsWith('/home')) {
      await expect(page.locator('.chart-narrow')).toBeVisible();
      await expect(page.locator('.chart-wide')).toBeHidden();
      await expect(page.locator('.chart-narrow').getByText(ko.home.today)).toBeVisible();
    }
    await expectNoSidewaysScroll(page);
    await expectNoAxeViolations(page);
    // Colours on their way from day to night are neither.
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await expectReadableColours(page);
    await page.emulateMedia({ colorScheme: 'light' });
  }
});

test('the guide leads from an empty house to a used one', async ({ page, freshServer, fakes }) => {
  const server = await freshServer();
  await page.goto(await server.setupLink());
  await page.locator('input[name=name]').fill('Olga');
  await page.locator('input[name=email]').fill('olga@example.org');
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('form button[type=submit]').click();
  await page.waitForURL(`${server.url}/home`);
  await hydrated(page);
  const guide = page.getByRole('region', { name: en.guide.title });
  const progress = (done: number) => expect(guide.getByText(`${done} of 5 done`)).toBeVisible();
  await progress(1);
  await expectNoAxeViolations(page);

  await guide.getByRole('link', { name: en.connections.add }).click();
  const adding = page.getByRole('dialog', { name: en.connections.add });
  await expect(adding).toBeVisible();
  // A later look at the same page does not ask again.
  await expect(page).toHaveURL(`${server.url}/connections`);
  await adding.getByLabel(en.connections.kind).selectOption('openai');
  await adding.getByLabel(en.connections.name, { exact: true }).fill('openai');
  await adding.getByLabel(en.connections.base_url).fill(addressOf('openai', fakes));
  await adding.getByLabel(en.connections.key, { exact: true }).fill('sk-fake-1');
  await adding.getByRole('button', { name: en.common.add }).click();
  await expect(page).toHaveURL(/\/connections\/[0-9a-f-]{36}/);

  await page.goto(`${server.url}/home`);
  await progress(2);
  await guide.getByRole('link', { name: en.nav.new_chat }).click();
  await expect(page).toHaveURL(`${server.url}/`);
  const chat = new Chat(page);
  await chat.pick(/^Demo(?! \()/);
  await chat.say('Hello');
  await chat.finished();

  await page.goto(`${server.url}/home`);
  await progress(3);
  await guide.getByRole('link', { name: en.members.add }).click();
  const inviting = page.getByRole('dialog', { name: en.members.add });
  await inviting.getByLabel(en.members.name, { exact: true }).fill('Ben');
  await inviting.getByLabel(en.members.email, { exact: true }).fill('ben@example.org');
  await inviting.locator('button[type=submit]').click();
  await expect(inviting).toBeHidden();

  await page.goto(`${server.url}/home`);
  await progress(4);
  await guide.getByRole('link', { name: en.keys.create }).click();
  const making = page.getByRole('dialog', { name: en.keys.create });
  await making.getByLabel(en.keys.name, { exact: true }).fill('laptop');
  await making.getByRole('button', { name: en.keys.create }).click();
  await expect(page.getByRole('dialog', { name: en.keys.created_title })).toBeVisible();

  await page.goto(`${server.url}/home`);
  await expect(page.getByRole('heading', { level: 1, name: en.home.title })).toBeVisible();
  await expect(guide).toHaveCount(0);
});

test('who wants no guide is rid of it for good', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.people[2]);
  await page.goto(`${house.url}/home`);
  const guide = page.getByRole('region', { name: en.guide.title });
  await expect(guide).toBeVisible();
  await guide.getByRole('button', { name: en.guide.skip }).click();
  await expect(guide).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: en.home.title })).toBeVisible();
  await expect(guide).toHaveCount(0);
});
