// All chats in one table: looked for by their titles, renamed, and deleted, several at once too.
import type { Locator, Page } from '@playwright/test';
import {
  Chat,
  expect,
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  expectReadableColours,
  filled,
  sharedHouse,
  test,
  wordsOf,
} from '../fixtures';

const here = sharedHouse((house, { fakes }) => house.connect('openai', fakes, 'gpt-4o-mini'));

const en = wordsOf('en');

/** Runs in the page: begins a chat for each title, the first one first. */
async function begin(titles: string[]) {
  const call = async (name: string, body: object): Promise<any> => {
    const answer = await fetch(`/fn/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${name} answered ${answer.status}: ${await answer.text()}`);
    return await answer.json();
  };
  for (const title of titles) {
    const message = { chat_id: null, parent_id: null, text: 'What is a purser?', model: 'gpt-4o-mini' };
    const { chat_id: id } = await call('chats/send', { message });
    await call('chats/rename', { id, title });
    for (;;) {
      const { messages } = await call('chats/open', { id, before: null });
      if (messages.at(-1).state === 'complete') break;
    }
  }
}

/** The page with its table, for a member of its own. */
async function historyOf(page: Page, name: string, titles: string[]) {
  const house = here();
  const person = await house.person(name);
  await house.signIn(page, person);
  await page.evaluate(begin, titles);
  await page.goto(`${house.url}/history`);
  const main = page.getByRole('main');
  const rows = main.getByRole('table', { name: en.history.label }).locator('tbody tr');
  return { house, main, rows, field: main.getByRole('searchbox', { name: en.history.search }) };
}

const titled = (rows: Locator, title: string) => rows.filter({ has: rows.page().getByRole('link', { name: title, exact: true }) });

async function choose(page: Page, rows: Locator, title: string, act: string) {
  await titled(rows, title).getByRole('button', { name: `${en.common.more_actions}: ${title}` }).click();
  await page.locator(':popover-open').getByRole('button', { name: act }).click();
}

test('a search narrows the table, and the address keeps it', async ({ page }) => {
  const { house, main, rows, field } = await historyOf(page, 'Ann', ['Tea in Busan', 'Coffee in Seoul', 'Tea & cake']);
  await expect(rows).toHaveCount(3);
  await expect(rows.getByRole('rowheader')).toHaveText(['Tea & cake', 'Coffee in Seoul', 'Tea in Busan']);
  await expectNoAxeViolations(page);

  await field.fill('tea');
  await expect(page).toHaveURL(`${house.url}/history?q=tea`);
  await expect(rows).toHaveCount(2);
  await expect(field).toBeFocused();
  await field.pressSequentially(' &');
  await expect(page).toHaveURL(`${house.url}/history?q=tea%20%26`);
  await expect(rows).toHaveCount(1);
  await page.reload();
  await expect(field).toHaveValue('tea &');
  await expect(rows).toHaveCount(1);

  // To the chat and back; then to all of them, not letter by letter.
  await rows.getByRole('link', { name: 'Tea & cake' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Tea & cake');
  await page.goBack();
  await expect(field).toHaveValue('tea &');
  await expect(rows).toHaveCount(1);
  await page.goBack();
  await expect(page).toHaveURL(`${house.url}/history`);
  await expect(field).toHaveValue('');
  await expect(rows).toHaveCount(3);

  // Nothing found says so and leads back; Esc empties the field.
  await field.fill('beer');
  await expect(main.getByText(en.history.no_match_text)).toBeVisible();
  await expect(main.getByRole('status').getByText(en.history.no_match)).toHaveCount(1);
  await expectNoAxeViolations(page);
  await main.getByRole('link', { name: en.home.show_all }).click();
  await expect(rows).toHaveCount(3);
  await expect(field).toHaveValue('');
  await field.fill('coffee');
  await expect(rows).toHaveCount(1);
  await field.press('Escape');
  await expect(field).toHaveValue('');
  await expect(rows).toHaveCount(3);
  await expect(page).toHaveURL(`${house.url}/history`);
});

test('another name and a deletion show in the table and in the sidebar, whoever makes them', async ({ page, context }) => {
  const { house, rows } = await historyOf(page, 'Ben', ['First', 'Second', 'Third']);
  const { history } = new Chat(page);
  await choose(page, rows, 'Second', en.common.rename);
  const renaming = page.getByRole('dialog', { name: en.history.rename_title });
  await renaming.getByLabel(en.history.rename_label).fill('Another');
  await renaming.getByRole('button', { name: en.common.save }).click();
  await expect(renaming).toBeHidden();
  for (const place of [rows, history]) await expect(place.getByRole('link', { name: 'Another', exact: true })).toBeVisible();

  await choose(page, rows, 'Another', en.common.delete);
  const deleting = page.getByRole('dialog', { name: en.history.delete_title });
  await deleting.getByRole('button', { name: en.common.delete, exact: true }).click();
  await expect(rows).toHaveCount(2);
  await expect(history.getByRole('link', { name: 'Another', exact: true })).toHaveCount(0);

  // What happens in another tab, where the sidebar is used.
  const other = await context.newPage();
  await other.goto(`${house.url}/history`);
  const theirs = new Chat(other).history;
  await theirs.getByRole('link', { name: 'First' }).hover();
  await theirs.getByRole('button', { name: `${en.common.more_actions}: First` }).click();
  await other.locator(':popover-open').getByRole('button', { name: en.common.delete }).click();
  await other
    .getByRole('dialog', { name: en.history.delete_title })
    .getByRole('button', { name: en.common.delete, exact: true })
    .click();
  await expect(rows.getByRole('rowheader')).toHaveText(['Third']);
  await other.close();
});

test('several are chosen by keyboard and deleted together, and more are loaded', async ({ page }) => {
  test.setTimeout(90_000);
  const titles = Array.from({ length: 43 }, (_, number) => `Chat number ${number + 1}`);
  const { main, rows } = await historyOf(page, 'Cho', titles);
  await expect(rows).toHaveCount(40);
  await main.getByRole('button', { name: en.common.load_more }).click();
  await expect(rows).toHaveCount(43);
  await expect(main.getByRole('button', { name: en.common.load_more })).toHaveCount(0);

  for (const title of ['Chat number 43', 'Chat number 41']) {
    await page.getByRole('checkbox', { name: `Select ${title}`, exact: true }).focus();
    await page.keyboard.press('Space');
  }
  const remove = main.getByRole('button', { name: filled(en.history.delete_several_other) });
  await expect(remove).toHaveText('Delete 2 chats');
  await expectNoAxeViolations(page);
  await remove.focus();
  await page.keyboard.press('Enter');
  const asking = page.getByRole('dialog', { name: 'Delete 2 chats?' });
  await expect(asking).toBeVisible();
  await expectNoAxeViolations(page);
  await page.keyboard.press('Escape');
  await expect(rows).toHaveCount(43);
  await page.keyboard.press('Enter');
  await asking.getByRole('button', { name: 'Delete 2 chats' }).press('Enter');
  await expect(rows).toHaveCount(41);
  await expect(rows.getByRole('link', { name: 'Chat number 42', exact: true })).toBeVisible();
  const all = page.getByRole('checkbox', { name: en.history.choose_all });
  await expect(all).toBeFocused();
  const { history } = new Chat(page);
  await expect(history.getByRole('link', { name: 'Chat number 42' })).toBeVisible();
  await expect(history.getByRole('link', { name: 'Chat number 43' })).toHaveCount(0);

  await page.keyboard.press('Space');
  await main.getByRole('button', { name: 'Delete 41 chats' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete 41 chats' }).click();
  // An empty history says what it is for, and where a chat begins.
  await expect(main.getByText(en.history.empty_text)).toBeVisible();
  await expectNoAxeViolations(page);
  await page.reload();
  await expect(main.getByText(en.history.empty_text)).toBeVisible();
  await main.getByRole('link', { name: en.nav.new_chat }).first().click();
  await expect(new Chat(page).composer).toBeVisible();
});

test('on a phone in Korean each chat is a card, by day and by night', async ({ page }) => {
  const ko = wordsOf('ko');
  await page.setViewportSize({ width: 320, height: 640 });
  const { house } = await historyOf(page, 'Dal', ['x'.repeat(190), '부산에서 마시는 차와 그 밖의 여러 가지 이야기']);
  await page.goto(`${house.url}/history?lang=ko`);
  const cards = page.getByRole('main').locator('tbody tr');
  await expect(cards).toHaveCount(2);
  await expectNoSidewaysScroll(page);
  await cards.first().getByRole('checkbox').check();
  await expect(page.getByRole('button', { name: ko.history.delete_several_other.replace('{count}', '1') })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
  await cards.first().getByRole('button').click();
  await expect(page.locator(':popover-open').getByRole('link', { name: ko.history.open })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await expectReadableColours(page);
});
