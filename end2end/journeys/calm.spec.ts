// Motion where it explains, none where none is asked; and a window that is drawn up to its upper edge.
import type { Page } from '@playwright/test';
import { converse } from '../converse';
import { Chat, complete, expect, type House, sharedHouse, test, wordsOf } from '../fixtures';

const en = wordsOf('en');

const here = sharedHouse((house, { fakes }) => house.connect('openai', fakes, 'gpt-4o-mini'));

/** Milliseconds up to which nobody sees a motion. */
const UNSEEN = 1;

/** Notes whatever moves from here on: view transitions, and what runs in any picture for longer than is unseen. */
async function watchMotion(page: Page) {
  await page.addInitScript((unseen) => {
    const motion = { transitions: 0, running: [] as string[] };
    Object.assign(window, { motion });
    const start = document.startViewTransition;
    document.startViewTransition = function (this: Document, ...change) {
      motion.transitions += 1;
      return start.apply(this, change);
    };
    const look = () => {
      for (const animation of document.getAnimations()) {
        const { endTime } = animation.effect!.getComputedTiming();
        if (Number(endTime) <= unseen) continue;
        const { target, pseudoElement } = animation.effect as KeyframeEffect;
        const kind = (animation as any).animationName ?? (animation as any).transitionProperty;
        const line = `${target?.localName}.${target?.getAttribute('class')}${pseudoElement ?? ''}: ${kind}, ${endTime} ms`;
        if (!motion.running.includes(line)) motion.running.push(line);
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, UNSEEN);
}

/** What has moved since the page came or was last asked. */
async function moved(page: Page): Promise<{ transitions: number; running: string[] }> {
  return await page.evaluate(() => {
    const { motion } = window as any;
    const seen = { transitions: motion.transitions, running: [...motion.running] };
    Object.assign(motion, { transitions: 0, running: [] });
    return seen;
  });
}

/** A dialog opens, a key is made and revoked: a list changes, and a slip tells of it. */
async function revokeKey(house: House, page: Page) {
  const name = `laptop ${Date.now()}`;
  await house.key(house.olga, name);
  await page.goto(`${house.url}/keys`);
  await complete(page);
  await moved(page);
  await page.getByRole('button', { name: `${en.keys.revoke}: ${name}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: en.keys.revoke, exact: true }).click();
  await expect(page.getByText(en.keys.revoke_done)).toBeVisible();
  await expect(page.getByRole('row', { name: new RegExp(`^${name}`) })).toContainText(en.keys.revoked);
}

/** A chat goes from the list. */
async function deleteChat(page: Page) {
  const chat = new Chat(page);
  const entry = chat.history.getByRole('link');
  const before = await entry.count();
  await moved(page);
  await chat.history.getByRole('button', { name: new RegExp(`^${en.common.more_actions}`) }).first().click();
  await page.getByRole('button', { name: en.common.delete, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: en.common.delete, exact: true }).click();
  await expect(entry).toHaveCount(before - 1);
}

/** Another version of a reply is looked at. */
async function switchBranch(house: House, page: Page) {
  const address = await page.evaluate(converse, [['What is a purser?'], 'demo'] as [string[], string]);
  await page.goto(house.url + address);
  const chat = new Chat(page);
  await chat.finished();
  await chat.reply.hover();
  await chat.reply.getByRole('button', { name: en.chat.regenerate }).click();
  await expect(chat.reply.getByText('2 of 2')).toBeVisible();
  await chat.finished();
  await complete(page);
  await moved(page);
  await chat.reply.getByRole('button', { name: en.chat.branch_previous }).click();
  await expect(chat.reply.getByText('1 of 2')).toBeVisible();
}

/** A fold of the design language, which is the same everywhere. */
async function unfold(house: House, page: Page) {
  await page.goto(`${house.url}/design`);
  await complete(page);
  await moved(page);
  const fold = page.locator('section[aria-labelledby=design-words] details');
  await fold.locator('summary').click();
  await expect(fold).toHaveAttribute('open', '');
}

test.describe('where no motion is asked', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('nothing moves', async ({ page }) => {
    const house = here();
    await watchMotion(page);
    await house.signIn(page, house.olga);
    const still = { transitions: 0, running: [] };
    await unfold(house, page);
    expect(await moved(page), 'a fold').toEqual(still);
    await revokeKey(house, page);
    expect(await moved(page), 'a dialog, a slip and a list').toEqual(still);
    await switchBranch(house, page);
    expect(await moved(page), 'a branch').toEqual(still);
    await deleteChat(page);
    expect(await moved(page), 'the list of chats').toEqual(still);
  });
});

test('where motion explains, each change moves once', async ({ page }) => {
  const house = here();
  await watchMotion(page);
  await house.signIn(page, house.olga);
  await unfold(house, page);
  expect((await moved(page)).running, 'the mark of a fold turns').toContainEqual(expect.stringMatching(/rotate/));
  await revokeKey(house, page);
  const key = await moved(page);
  expect(key.transitions, 'the list of keys').toBe(1);
  expect(key.running, 'the slip').toContainEqual(expect.stringMatching(/slip-in/));
  expect(key.running, 'the dialog').toContainEqual(expect.stringMatching(/dialog.*opacity/));
  await switchBranch(house, page);
  expect((await moved(page)).transitions, 'a branch').toBe(1);
  await deleteChat(page);
  expect((await moved(page)).transitions, 'the list of chats').toBe(1);
});

test.describe('a window with its own title bar', () => {
  // A worker would bring the stylesheet, where a test cannot change it.
  test.use({ serviceWorkers: 'block' });

  /** As high as the system's buttons in it. */
  const BAR = 33;

  test('has a strip above everything, and nothing is cut off', async ({ page }) => {
    const house = here();
    // No browser under test has such a window, nor can it be told to look so. What the system would say is written
    // into the stylesheet, as the developer tools do it.
    let given = 0;
    await page.route('**/*.css', async (route) => {
      const response = await route.fetch();
      const body = (await response.text())
        .replace(/env\(titlebar-area-(x|width|height)\s*,\s*[^)]+\)/g, (_, side: string) => {
          given += 1;
          return { x: '0px', width: 'calc(100% - 138px)', height: `${BAR}px` }[side]!;
        })
        .replace(/\(display-mode:\s*window-controls-overlay\)/g, 'all');
      await route.fulfill({ response, body });
    });
    await house.signIn(page, house.olga);
    const address = await page.evaluate(converse, [['What is a purser?'], 'demo-long'] as [string[], string]);

    for (const viewport of [{ width: 1280, height: 800 }, { width: 640, height: 700 }]) {
      await page.setViewportSize(viewport);
      await page.goto(house.url + address);
      expect(given, 'the stylesheet asks how high the bar is').toBeGreaterThanOrEqual(3);
      const chat = new Chat(page);
      await chat.finished();
      const strip = await page.evaluate(() => {
        const { height, position, top } = getComputedStyle(document.body, '::before');
        const grip = getComputedStyle(document.body, '::after');
        return { height, position, top, grip: grip.height, drag: grip.getPropertyValue('app-region') || grip.getPropertyValue('-webkit-app-region') };
      });
      expect(strip).toEqual({ height: `${BAR}px`, position: 'fixed', top: '0px', grip: `${BAR}px`, drag: 'drag' });
      const top = async (selector: string) => (await page.locator(selector).filter({ visible: true }).boundingBox())!.y;
      if (viewport.width >= 960) {
        expect(await top('.sidebar')).toBe(BAR);
        expect(await top('.chat-head')).toBe(BAR);
      } else {
        expect(await top('.frame-bar')).toBe(BAR);
        expect(await top('.chat-head')).toBeGreaterThan(BAR);
      }
      // The page is as high as what is left: its lower edge is where the window's is.
      const composer = (await page.locator('form.composer').boundingBox())!;
      expect(Math.round(composer.y + composer.height)).toBe(viewport.height);
      expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(viewport.height);
      if (viewport.width < 960) {
        await page.getByRole('button', { name: en.nav.open_menu }).click();
        await expect.poll(() => top('.sidebar')).toBe(BAR);
        await page.keyboard.press('Escape');
      }
    }

    // A page that scrolls runs under the strip; a table's head and the bar stay below it.
    await page.setViewportSize({ width: 1280, height: 400 });
    await page.goto(`${house.url}/design`);
    await page.mouse.move(640, 300);
    await page.mouse.wheel(0, 600);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(300);
    expect((await page.getByRole('complementary').boundingBox())!.y).toBe(BAR);
  });
});
