// Every page of each role on a phone, in Korean, by day and by night.
import type { Page } from '@playwright/test';
import {
  Chat,
  expect,
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  expectReadableColours,
  expectStillness,
  PAGES,
  sharedHouse,
  test,
  watchShifts,
  wordsOf,
} from '../fixtures';

test.use({
  viewport: { width: 360, height: 740 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
  locale: 'ko-KR',
});

const ko = wordsOf('ko');

const here = sharedHouse(async (house, { fakes }) => {
  await house.connect('openai', fakes, 'gpt-4o-mini');
  await house.person('관리자 이름이 꽤 긴 사람', 'admin', 'minjun');
  await house.person('a-name-without-any-place-where-a-line-could-be-broken', 'member', 'seoyeon');
});

test.beforeEach(({ context }) => watchShifts(context));

/** Opens a page by its address, and looks whether it lies still. */
async function visit(page: Page, address: string) {
  const answer = await page.goto(address);
  await expect(page.locator('.skeleton:not(.design-sheet *)')).toHaveCount(0);
  await expectStillness(page);
  return answer!.status();
}

/** By day and by night; the first look also finds what no colour can change. */
async function look(page: Page, { byNight = true, lang = 'ko' } = {}) {
  await expect(page.locator('html')).toHaveAttribute('lang', lang);
  // What is still on its way would be looked at only as a grey bar.
  await expect(page.locator('.skeleton:not(.design-sheet *)')).toHaveCount(0);
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
  if (!byNight) return;
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectReadableColours(page);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Fills every list of the house, so that no page is looked at empty. */
async function furnish(page: Page) {
  await page.evaluate(async () => {
    const call = async (name: string, body: object) => {
      const answer = await fetch(`/fn/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${name} answered ${answer.status}: ${await answer.text()}`);
    };
    const nobody = '00000000-0000-0000-0000-000000000000';
    const limit = {
      scope_kind: 'house',
      scope_id: nobody,
      door: 'gateway',
      model: 'gpt-4o-mini',
      zone: null,
      hard: true,
    };
    await call('limits/create', { new: { ...limit, unit: 'money', window: 'month', ceiling: 123_456_789_012_345 } });
    await call('limits/create', {
      new: { ...limit, unit: 'tokens', window: 'minute', ceiling: 9_999_999, hard: false },
    });
  });
}

test('the pages before signing in', async ({ page, freshServer }) => {
  const house = here();
  await visit(page, `${house.url}/signin`);
  await look(page);
  await visit(page, `${house.url}/welcome#no-such-token`);
  await look(page);
  const empty = await freshServer();
  await visit(page, await empty.setupLink());
  await look(page);
});

for (const [role, paths] of Object.entries(PAGES)) {
  test(`the pages of the ${role}`, async ({ page, browserErrors }) => {
    // Many pages, each looked at twice.
    test.setTimeout(120_000);
    const house = here();
    const person = house.people.find((person) => person.role === role)!;
    await house.signIn(page, person);
    if (role === 'owner') await furnish(page);
    // An administrator's pages have the owner's colours.
    const byNight = role !== 'admin';
    await look(page, { byNight });

    // A chat with everything Markdown can do, a long word, and a long line of code.
    const chat = new Chat(page, 'ko');
    await chat.pick(/long/);
    await chat.say(`${'한글'.repeat(60)} ${'x'.repeat(300)} https://example.org/${'path/'.repeat(40)}`);
    await chat.finished();
    await look(page, { byNight });
    await visit(page, page.url());

    for (const path of paths) {
      await visit(page, house.url + path);
      await look(page, { byNight });
    }

    if (role === 'owner') {
      await page.goto(`${house.url}/connections`);
      await page.getByRole('link', { name: 'openai', exact: true }).click();
      await expect(page.getByRole('switch').first()).toBeVisible();
      await look(page);
    }
    if (role === 'member') {
      for (const path of ['/members', '/connections', '/limits', '/audit', '/design']) {
        browserErrors.expectStatus(403, new RegExp(path));
        expect(await visit(page, house.url + path)).toBe(403);
        await expect(page.getByText(ko.errors.forbidden_title)).toBeVisible();
        await look(page);
      }
      for (const path of ['/no-such-page', '/chats/00000000-0000-0000-0000-000000000000']) {
        browserErrors.expectStatus(404, new RegExp(path));
        await visit(page, house.url + path);
        await look(page);
      }
    }
  });
}

test.describe('in English', () => {
  test.use({ locale: 'en-US' });

  test('the pages of the owner, by day', async ({ page }) => {
    test.setTimeout(120_000);
    const house = here();
    const way = { byNight: false, lang: 'en' };
    await house.signIn(page, house.olga);
    const chat = new Chat(page);
    await chat.pick(/long/);
    await chat.say('An unbreakableword'.repeat(20));
    await chat.finished();
    await visit(page, page.url());
    await look(page, way);
    for (const path of ['/', ...PAGES.owner]) {
      await visit(page, house.url + path);
      await look(page, way);
    }
    await page.goto(`${house.url}/connections`);
    await page.getByRole('link', { name: 'openai', exact: true }).click();
    await expect(page.getByRole('switch').first()).toBeVisible();
    await look(page, way);
  });
});

test('the menu and the dialogs', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);

  await page.getByRole('button', { name: ko.nav.open_menu }).click();
  await page.getByText(ko.nav.administration, { exact: true }).click();
  await expect(page.getByRole('navigation', { name: ko.nav.administration })).toBeVisible();
  await look(page);
  await page.getByRole('button', { name: house.olga.name }).click();
  await expect(page.getByRole('link', { name: ko.nav.account })).toBeVisible();
  await look(page);
  await page.goto(house.url);

  await page.getByRole('button', { name: new RegExp(`^${ko.picker.label}`) }).click();
  await expect(page.getByRole('option').first()).toBeVisible();
  await look(page);
  await page.getByRole('option', { name: /Demo/ }).first().click();

  for (const [path, button, dialog] of [
    ['/keys', ko.keys.create, ko.keys.create],
    ['/members', ko.members.add, ko.members.add],
    ['/connections', ko.connections.add, ko.connections.add],
    ['/limits', ko.limits.add, ko.limits.add],
  ]) {
    await page.goto(house.url + path);
    await page.getByRole('button', { name: button }).first().click();
    await expect(page.getByRole('dialog', { name: dialog })).toBeVisible();
    await look(page);
  }

  await page.goto(`${house.url}/keys`);
  await page.getByRole('button', { name: ko.keys.create }).first().click();
  await page.getByLabel(ko.keys.name, { exact: true }).fill('휴대전화');
  await page.getByRole('dialog').getByRole('button', { name: ko.keys.create }).click();
  await expect(page.getByRole('dialog', { name: ko.keys.created_title })).toBeVisible();
  await look(page);
});
