// With a finger: everything can be hit, and a long press brings a message's buttons to where the finger is.
import type { CDPSession, Locator, Page } from '@playwright/test';
import { converse } from '../converse';
import { expectFingersReach } from '../fingers';
import { Chat, complete, expect, House, PAGES, sharedHouse, test, wordsOf } from '../fixtures';

const en = wordsOf('en');

const here = sharedHouse(async (house, { fakes }) => {
  await house.connect('openai', fakes, 'gpt-4o-mini');
  await house.person('Ben', 'member');
  const key = await house.key(house.olga, 'laptop', '1');
  for (const model of ['gpt-4o-mini', 'demo', 'gpt-4o-mini']) await house.ask(key, model);
});

/** Looks at a page once all of it has come. */
async function look(page: Page) {
  await expect(page.locator('.skeleton:not(.design-sheet *)')).toHaveCount(0);
  await expectFingersReach(page);
}

/** A chat with code, a table and a list, at its end. */
async function longChat(house: House, page: Page): Promise<Chat> {
  const address = await page.evaluate(converse, [['What is a purser?'], 'demo-long'] as [string[], string]);
  await page.goto(house.url + address);
  const chat = new Chat(page);
  await chat.finished();
  await complete(page);
  return chat;
}

for (const [where, device] of [
  ['on a phone', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }],
  ['on a tablet', { viewport: { width: 1180, height: 820 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }],
] as const) {
  test.describe(where, () => {
    test.use({ ...device, contextOptions: { reducedMotion: 'reduce' } });

    test('every page is made for fingers', async ({ page }) => {
      test.setTimeout(120_000);
      const house = here();
      await page.goto(`${house.url}/signin`);
      await look(page);
      await house.signIn(page, house.olga);
      for (const path of ['/', ...PAGES.owner, '/calls?model=gpt-4o-mini&from=2026-01-01']) {
        await page.goto(house.url + path);
        await complete(page);
        // What is folded has links of its own.
        await page.evaluate(() => document.querySelectorAll('main details').forEach((fold) => fold.setAttribute('open', '')));
        await look(page);
      }
      await page.goto(`${house.url}/connections`);
      await page.getByRole('link', { name: 'openai', exact: true }).click();
      await expect(page.getByRole('switch').first()).toBeVisible();
      await look(page);
      await longChat(house, page);
      await look(page);
    });

    test('what opens is made for fingers', async ({ page }) => {
      const house = here();
      await house.signIn(page, house.olga);
      await page.getByRole('button', { name: new RegExp(`^${en.picker.label}`) }).click();
      await expect(page.getByRole('option').first()).toBeVisible();
      await expectFingersReach(page, 'dialog[open]');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: en.composer.options }).click();
      await expectFingersReach(page, ':popover-open');
      await page.keyboard.press('Escape');
      const menu = page.getByRole('button', { name: en.nav.open_menu });
      if (await menu.isVisible()) {
        await menu.click();
        await page.getByText(en.nav.administration, { exact: true }).click();
        await expect(page.getByRole('navigation', { name: en.nav.administration })).toBeVisible();
        await expectFingersReach(page, '#sidebar');
      }
      await page.getByRole('button', { name: house.olga.name }).click();
      await expectFingersReach(page, '.menu:popover-open');

      await page.goto(`${house.url}/calls`);
      await page.getByRole('button', { name: en.days.label }).click();
      await expectFingersReach(page, '.date-range:popover-open');
      for (const [path, name] of [
        ['/keys', en.keys.create],
        ['/members', en.members.add],
        ['/connections', en.connections.add],
        ['/limits', en.limits.add],
      ]) {
        await page.goto(house.url + path);
        await page.getByRole('button', { name }).first().click();
        await expect(page.getByRole('dialog', { name })).toBeVisible();
        await expectFingersReach(page, 'dialog[open]');
      }
    });
  });
}

/** One finger on the glass. */
class Finger {
  private constructor(private readonly session: CDPSession) {}

  static async on(page: Page): Promise<Finger> {
    return new Finger(await page.context().newCDPSession(page));
  }

  async down(x: number, y: number) {
    await this.session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
  }

  async move(x: number, y: number) {
    await this.session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x, y }] });
  }

  async up() {
    await this.session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  }
}

/** The middle of a paragraph that is seen. */
async function middleOf(paragraph: Locator): Promise<[number, number]> {
  const { x, y, width, height } = (await paragraph.boundingBox())!;
  return [x + width / 2, y + height / 2];
}

test.describe('a long press', () => {
  test.use({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });

  test('brings the buttons of a long reply to where one reads', async ({ page }) => {
    const house = here();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: house.url });
    await house.signIn(page, house.olga);
    const chat = await longChat(house, page);
    const copy = chat.reply.getByRole('button', { name: en.chat.copy_message });
    const paragraph = chat.text().locator('p').first();
    await paragraph.evaluate((element) => element.scrollIntoView({ block: 'center', behavior: 'instant' }));
    await expect(copy).not.toBeInViewport();

    const finger = await Finger.on(page);
    const [x, y] = await middleOf(paragraph);
    await finger.down(x, y);
    // While the finger is still there.
    await expect(chat.reply).toHaveAttribute('data-held', '');
    await finger.up();
    await expect(copy).toBeInViewport({ ratio: 1 });
    await expect(chat.reply).toHaveAttribute('data-held', '');
    await copy.tap();
    await expect(chat.reply.getByRole('status').filter({ hasText: en.common.copied })).toHaveCount(1);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^# An example of a long answer/);

    // A tap beside it lets it go.
    await chat.title.tap();
    await expect(chat.reply).not.toHaveAttribute('data-held');
    await expect(copy).not.toBeInViewport();
  });

  test('is not what scrolls', async ({ page }) => {
    const house = here();
    await house.signIn(page, house.olga);
    const chat = await longChat(house, page);
    const paragraph = chat.text().locator('p').first();
    await paragraph.evaluate((element) => element.scrollIntoView({ block: 'center', behavior: 'instant' }));
    const place = () => chat.thread.evaluate((area) => area.scrollTop);
    const before = await place();
    // Whether it was ever held, also for a moment.
    await chat.reply.evaluate((reply) => {
      new MutationObserver(() => Object.assign(window, { wasHeld: true })).observe(reply, { attributes: true });
    });

    const finger = await Finger.on(page);
    const [x, y] = await middleOf(paragraph);
    await finger.down(x, y);
    for (const way of [12, 30, 60, 90]) await finger.move(x, y - way);
    await expect.poll(place).toBeGreaterThan(before + 20);
    // It rests on the glass for longer than a press takes.
    await page.evaluate(() => new Promise((done) => setTimeout(done, 700)));
    await finger.up();
    expect(await page.evaluate(() => 'wasHeld' in window)).toBe(false);
    await expect(chat.reply).not.toHaveAttribute('data-held');
  });
});
