// The smallest windows a page has to fit: a phone of 320 pixels, and a desk at a zoom of 200 %.
import type { Page } from '@playwright/test';
import { converse } from '../converse';
import { expectNothingCovered } from '../fingers';
import { Chat, complete, expect, expectNoSidewaysScroll, PAGES, sharedHouse, test, wordsOf } from '../fixtures';

const here = sharedHouse((house, { fakes }) => house.connect('openai', fakes, 'gpt-4o-mini'));

const en = wordsOf('en');

/** What is asked of every page, once all of it has come. */
async function look(page: Page) {
  await complete(page);
  await expect(page.locator('.skeleton:not(.design-sheet *)')).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toBeInViewport();
  await expectNoSidewaysScroll(page);
  await expectNothingCovered(page, 'body');
}

for (const [where, device] of [
  ['at 320 px', { viewport: { width: 320, height: 640 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }],
  // What 1280 by 800 pixels of a screen are to a page that is drawn twice as large.
  ['at 200 %', { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }],
] as const) {
  test.describe(where, () => {
    test.use({ ...device, contextOptions: { reducedMotion: 'reduce' } });

    test('every page fits, and all that is on it can be reached', async ({ page }) => {
      test.setTimeout(120_000);
      const house = here();
      await house.signIn(page, house.olga);
      for (const path of ['/', ...PAGES.owner]) {
        await page.goto(house.url + path);
        await look(page);
      }
      await page.goto(`${house.url}/connections`);
      await page.getByRole('link', { name: 'openai', exact: true }).click();
      await expect(page.getByRole('switch').first()).toBeVisible();
      await look(page);
    });

    test('a chat leaves room to read above the composer', async ({ page }) => {
      const house = here();
      await house.signIn(page, house.olga);
      const said = 'What is a purser, and what does he write into his books?';
      const address = await page.evaluate(converse, [[said, said], 'demo-long'] as [string[], string]);
      await page.goto(house.url + address);
      const chat = new Chat(page);
      await chat.finished();
      await look(page);
      await expect(chat.composer).toBeInViewport({ ratio: 1 });
      const room = (await chat.thread.boundingBox())!;
      expect(room.height, 'as high as four lines, and the word that is read').toBeGreaterThan(120);
      await chat.thread.evaluate((area) => area.scrollTo({ top: 0 }));
      await expect(chat.questions.first()).toBeInViewport();

      // The composer grows with what is written, and leaves the way to send it.
      await chat.composer.fill('One line more.\n'.repeat(30));
      await expect(chat.send).toBeInViewport({ ratio: 1 });
      await expectNothingCovered(page, '.composer');
      expect((await chat.thread.boundingBox())!.height).toBeGreaterThan(60);
    });

    test('what lies over the page fits as well', async ({ page }) => {
      const house = here();
      await house.signIn(page, house.olga);
      await page.getByRole('button', { name: en.nav.open_menu }).click();
      await page.getByText(en.nav.administration, { exact: true }).click();
      await expect(page.getByRole('navigation', { name: en.nav.administration })).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectNothingCovered(page, '#sidebar');
      await page.keyboard.press('Escape');
      for (const [path, name] of [
        ['/keys', en.keys.create],
        ['/members', en.members.add],
        ['/connections', en.connections.add],
        ['/limits', en.limits.add],
      ]) {
        await page.goto(house.url + path);
        await page.getByRole('button', { name }).first().click();
        await expect(page.getByRole('dialog', { name })).toBeVisible();
        await expectNoSidewaysScroll(page);
        await expectNothingCovered(page, 'dialog[open]');
      }
    });
  });
}
