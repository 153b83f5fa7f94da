// How a page comes to life: first its picture, then its script, and nothing of it is lost or moves.
import type { Page } from '@playwright/test';
import { converse, questions } from '../converse';
import { Chat, expect, expectStillness, hydrated, sharedHouse, test, watchShifts } from '../fixtures';
import { PAGES } from '../pages';

const MODEL = 'gpt-4o-mini';

const here = sharedHouse((house, { fakes }) => house.connect('openai', fakes, MODEL));

/** From now on the pages of the tab stop at every pause of their waking, until they are let go on. */
async function stopAtPauses(page: Page) {
  await page.addInitScript(() => {
    const pauses: (() => void)[] = [];
    let letGo = false;
    const set = window.setTimeout;
    window.setTimeout = ((run: () => void, ms?: number, ...more: unknown[]) => {
      if (letGo || ms !== 0) return set(run, ms, ...more);
      pauses.push(run);
      return 0;
    }) as typeof setTimeout;
    const goOn = () => {
      letGo = true;
      pauses.splice(0).forEach((run) => run());
    };
    Object.assign(window, { pauses, goOn });
  });
}

/** Like a click on a bookmark: unlike `page.goto` it does not wait until the page lives. */
async function open(page: Page, url: string) {
  await page.evaluate((url) => location.assign(url), url);
}

/** Where a new chat pauses while it wakes, of eleven pauses: before anything lives, until only its composer does not. */
const PAUSES = [1, 2, 3, 5, 7, 9, 11];

/** Goes on to one of them. */
async function goOnTo(page: Page, pause: number) {
  for (let passed = 1; ; passed++) {
    await page.waitForFunction(() => (window as any).pauses.length > 0);
    if (passed === pause) return;
    await page.evaluate(() => (window as any).pauses.shift()());
  }
}

/** Lets a page wake to its end. */
async function goOn(page: Page) {
  // Again and again, because the page may be about to give way to another document.
  await expect(async () => {
    await page.evaluate(() => (window as any).goOn());
    await expect(page.locator('html')).toHaveAttribute('data-hydrated', '', { timeout: 300 });
  }).toPass({ intervals: [50] });
}

test('what brings the page to life is asked for after its first picture', async ({ page }) => {
  const house = here();
  // A picture takes its time, but less than the second after which nobody waits for it any longer.
  await page.addInitScript(() => {
    const draw = window.requestAnimationFrame;
    window.requestAnimationFrame = (run) =>
      draw(() =>
        setTimeout(() => {
          (window as any).drawn ??= performance.now();
          run(performance.now());
        }, 400),
      );
  });
  await house.signIn(page, house.olga);
  await page.goto(`${house.url}/home`);
  await hydrated(page);
  const [drawn, asked] = await page.evaluate(() => [
    (window as any).drawn as number,
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => /\/pkg\/(purser\..*\.(wasm|js)|split_own_pages\..*\.wasm)$/.test(name))
      .map(({ name, startTime }) => ({ name, startTime })),
  ] as const);
  const names = new Set(asked.map(({ name }) => name));
  expect([...names], 'the module, the script that begins it, and the piece of the page').toHaveLength(3);
  for (const { name, startTime } of asked) expect(startTime, name).toBeGreaterThanOrEqual(drawn);
});

test('each page fetches its own piece beside the module, and no other', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  for (const path of ['/', ...PAGES.owner]) {
    await page.goto(house.url + path);
    await hydrated(page);
    const [named, asked] = await page.evaluate(() => {
      const pieces = (addresses: string[]) =>
        [...new Set(addresses.map((address) => /split_\w+_pages/.exec(address)?.[0]).filter(Boolean))].sort();
      return [
        pieces([...document.querySelectorAll<HTMLLinkElement>('link[rel=preload]')].map(({ href }) => href)),
        pieces(performance.getEntriesByType('resource').map(({ name }) => name)),
      ];
    });
    expect(named, `what the document of ${path} names`).toHaveLength(path === '/' ? 0 : 1);
    expect(asked, `what ${path} needs`).toEqual(named);
  }
});

test('a tab that draws no pictures wakes all the same', async ({ page }) => {
  const house = here();
  await page.addInitScript(() => {
    window.requestAnimationFrame = () => 0;
  });
  await house.signIn(page, house.olga);
  await page.goto(`${house.url}/models`);
  await hydrated(page);
});

test('a link that is clicked while the page wakes leads to its place', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  await stopAtPauses(page);
  for (const pause of PAUSES) {
    await open(page, house.url);
    await goOnTo(page, pause);
    await page.evaluate(() => Object.assign(window, { first: true }));
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await page.waitForURL('**/models');
    expect(await page.evaluate(() => 'first' in window), 'by a document of its own').toBe(false);
    await goOn(page);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Models');
  }
});

test('who goes back while the page wakes arrives there', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  await stopAtPauses(page);
  for (const pause of PAUSES) {
    await open(page, house.url);
    await goOn(page);
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Models');
    // From here on the page before is the same document to the browser, although it was loaded anew.
    await page.evaluate(() => location.reload());
    await goOnTo(page, pause);
    await page.evaluate(() => history.back());
    await page.waitForURL(`${house.url}/`);
    await goOn(page);
    await expect(new Chat(page).composer).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Models');
  }
});

test('a chat stands at its end before the page lives', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const address = await page.evaluate(converse, [questions(6), MODEL] as [string[], string]);
  const chat = new Chat(page);
  let wake = () => {};
  const asleep = new Promise<void>((resolve) => (wake = resolve));
  await page.route(/\.wasm$/, async (route) => {
    await asleep;
    await route.continue();
  });
  const alive = page.goto(house.url + address);
  await expect(chat.reply).toBeInViewport();
  await expect(chat.questions.first()).not.toBeInViewport();
  const place = () => chat.thread.evaluate((area) => area.scrollTop);
  const before = await place();
  wake();
  await alive;
  expect(await place()).toBe(before);
});

test('a chat of long replies lies still when it comes to life', async ({ page }) => {
  const house = here();
  await watchShifts(page.context());
  await house.signIn(page, house.olga);
  const lines = Array.from({ length: 40 }, (_, line) => `Line ${line} of a long question, which is said again.\n`);
  const long = lines.join('\n');
  const address = await page.evaluate(converse, [[long, long, long], MODEL] as [string[], string]);
  await page.goto(house.url + address);
  await hydrated(page);
  await expectStillness(page);
});
