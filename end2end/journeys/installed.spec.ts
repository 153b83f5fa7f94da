// Purser as an app that the browser keeps: its worker, the page without a network, a new version, what others share.
import { cpSync, linkSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import {
  Chat,
  complete,
  expect,
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  expectReadableColours,
  House,
  hydrated,
  Server,
  sharedHouse,
  test,
  wordsOf,
} from '../fixtures';
import { places } from '../processes';

const here = sharedHouse((house, { fakes }) => house.connect('openai', fakes, 'gpt-4o-mini'));
const words = wordsOf('en');

/** Waits until the worker is there and has all it needs for a day without network. */
async function workerReady(page: Page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}

/** What the worker has kept, by path. */
async function keptFiles(page: Page): Promise<string[]> {
  return await page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map((request) => new URL(request.url).pathname);
  });
}

/** The titles of the chats that this device keeps. */
async function keptChats(page: Page): Promise<string[]> {
  return await page.evaluate(
    () =>
      new Promise<string[]>((done, failed) => {
        const opening = indexedDB.open('purser', 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore('chats', { keyPath: 'id' });
        opening.onerror = () => failed(opening.error);
        opening.onsuccess = () => {
          const all = opening.result.transaction('chats').objectStore('chats').getAll();
          all.onsuccess = () => done(all.result.map((chat) => chat.title));
          opening.result.close();
        };
      }),
  );
}

/** Cuts the network off and goes to an address; nothing of the app comes to life there. */
async function goOffline(page: Page, context: BrowserContext, address: string) {
  await context.setOffline(true);
  await page.goto(address);
}

const sheet = (page: Page, language: 'en' | 'ko' = 'en') =>
  page.getByRole('heading', { level: 1, name: wordsOf(language).installed.offline_title });

async function switchKeeping(page: Page, house: House, on: boolean) {
  await page.goto(`${house.url}/account`);
  const keep = page.getByRole('switch', { name: words.installed.keep });
  await expect(keep).toBeChecked({ checked: !on });
  await keep.click();
  await expect(keep).toBeChecked({ checked: on });
}

/** Chooses Korean in the account's menu. */
async function speakKorean(page: Page, name: string) {
  await page.getByRole('button', { name }).click();
  await page.getByRole('button', { name: '한국어' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await hydrated(page);
}

test('the browser finds everything it needs to install the app', async ({ page, context }) => {
  const house = here();
  await house.signIn(page, house.olga);
  await workerReady(page);
  const browser = await context.newCDPSession(page);
  await page.reload();
  const { errors, data } = await browser.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  expect(JSON.parse(data ?? '{}').share_target.action).toBe('/share');
  const { installabilityErrors } = await browser.send('Page.getInstallabilityErrors');
  // What a browser under test always says of itself: its windows are private.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
});

test('without a network one page says so, and the way back is found by itself', async ({
  page,
  context,
  browserErrors,
}) => {
  browserErrors.expectConnectionLoss();
  const house = here();
  await house.signIn(page, house.olga);
  await workerReady(page);
  const chat = new Chat(page);
  await chat.say('Before the cut');
  await chat.finished();
  const address = page.url();
  await page.reload();
  await chat.finished();

  await goOffline(page, context, address);
  await expect(sheet(page)).toBeVisible();
  await expect(page).toHaveURL(address);
  await expect(page.getByText(words.installed.kept_here)).toBeHidden();
  await page.getByRole('button', { name: words.common.retry }).click();
  await expect(page.getByRole('status')).toHaveText(words.installed.offline_still);

  // No page of the house lies in any cache, and nothing the house was asked.
  const files = await keptFiles(page);
  expect(files).toEqual(expect.arrayContaining(['/offline', '/offline.js']));
  expect(files.filter((path) => !/^\/(offline(\.js)?|favicon\.svg|pkg\/.+|texts\/.+)$/.test(path))).toEqual([]);
  expect(files.some((path) => path.endsWith('.wasm'))).toBe(true);

  await context.setOffline(false);
  await expect(chat.questions).toContainText('Before the cut');
  await hydrated(page);
  await expect(page).toHaveURL(address);
});

test('a server that is gone is told of on the same page, in the language last used', async ({
  page,
  freshServer,
  browserErrors,
}) => {
  browserErrors.expectConnectionLoss();
  const house = await House.open(await freshServer());
  await house.signIn(page, house.olga);
  await speakKorean(page, 'olga');
  await workerReady(page);
  await complete(page);

  await house.server.kill();
  await page.goto(`${house.url}/models`);
  await expect(sheet(page, 'ko')).toBeVisible();
  await expect(page).toHaveTitle(`${wordsOf('ko').installed.offline_title} · Purser`);
  await house.server.up();
  await expect(page).toHaveTitle(`${wordsOf('ko').models.title} · Purser`, { timeout: 20_000 });
  await hydrated(page);
  await complete(page);
});

test('the page without a network can be read by everybody', async ({ page, otherDevice, browserErrors }) => {
  browserErrors.expectConnectionLoss();
  const house = here();
  const mina = await house.person('Mina');
  for (const language of ['en', 'ko'] as const) {
    const device = language === 'en' ? page : await otherDevice();
    await house.signIn(device, mina);
    await switchKeeping(device, house, true);
    await device.goto(house.url);
    const chat = new Chat(device);
    await chat.say('Show me **everything** you can do');
    await chat.finished();
    await expect.poll(async () => (await keptChats(device)).length).toBe(1);
    if (language === 'ko') await speakKorean(device, 'Mina');
    await goOffline(device, device.context(), device.url());
    await expect(sheet(device, language)).toBeVisible();
    await expect(device.locator('html')).toHaveAttribute('lang', language);
    for (const viewport of [
      { width: 1280, height: 800 },
      { width: 390, height: 844 },
    ]) {
      await device.setViewportSize(viewport);
      await device.emulateMedia({ colorScheme: 'light' });
      await expectNoAxeViolations(device);
      await expectNoSidewaysScroll(device);
      await device.emulateMedia({ colorScheme: 'dark' });
      await expectReadableColours(device);
    }
    await device.context().setOffline(false);
  }
});

test('chats are kept only where their member wants it, and run nothing', async ({
  page,
  context,
  browserErrors,
}) => {
  browserErrors.expectConnectionLoss();
  // What was tampered with is refused before anybody could take it in.
  browserErrors.expectLine(/Executing inline event handler violates/);
  const house = here();
  const ann = await house.person('Ann');
  await house.signIn(page, ann);
  const chat = new Chat(page);
  await chat.say('Not for this device');
  await chat.finished();
  expect(await keptChats(page)).toEqual([]);

  await switchKeeping(page, house, true);
  await page.goto(house.url);
  await chat.say('Remember <img src=x onerror=alert(1)> this');
  await chat.finished();
  const address = page.url();
  await expect.poll(async () => (await keptChats(page)).length).toBe(1);

  // Something that our sanitiser would never let through, as if somebody had tampered with what is kept.
  await page.evaluate(
    (id) =>
      new Promise<void>((done) => {
        const opening = indexedDB.open('purser', 1);
        opening.onsuccess = () => {
          const chats = opening.result.transaction('chats', 'readwrite').objectStore('chats');
          const reading = chats.get(id);
          reading.onsuccess = () => {
            const html = '<p>tampered</p><img src="/x" onerror="document.title=`run`"><script>document.title="run"</script><a href="javascript:document.title=`run`" onclick="document.title=`run`">link</a>';
            chats.put({ ...reading.result, messages: [...reading.result.messages, { from: 'assistant', html }] });
            chats.transaction.oncomplete = () => done();
          };
          opening.result.close();
        };
      }),
    address.split('/').pop() ?? '',
  );
  await goOffline(page, context, address);
  const kept = page.locator('.kept');
  await expect(kept.getByRole('listitem').first()).toBeVisible();
  await expect(kept).toContainText('Remember <img src=x onerror=alert(1)> this');
  await expect(kept).toContainText('I am the demo model');
  await expect(kept).not.toContainText('Not for this device');
  await expect(kept).toContainText('tampered');
  await kept.getByText('link', { exact: true }).click();
  expect(await kept.locator('img, script, [onclick], a[href^=javascript]').count()).toBe(0);
  await expect(page).toHaveTitle(/^Purser cannot be reached/);

  // Who reads is not torn away when the house is back, and goes on when they want to.
  await context.setOffline(false);
  await expect(page.getByRole('status')).toHaveText(words.installed.offline_back, { timeout: 20_000 });
  await page.getByRole('button', { name: words.common.retry }).click();
  await expect(chat.questions).toContainText('Remember');
  await hydrated(page);
});

test('kept chats go when they are deleted, and with the login however it ends', async ({ page }) => {
  const house = here();
  const cleo = await house.person('Cleo');
  const ben = await house.person('Ben');
  await house.signIn(page, cleo);
  await switchKeeping(page, house, true);
  const chat = new Chat(page);
  for (const question of ['The first one', 'The second one']) {
    await page.goto(house.url);
    await chat.say(question);
    await chat.finished();
  }
  await expect.poll(async () => (await keptChats(page)).length).toBe(2);
  await chat.history.getByRole('link', { name: 'The first one' }).hover();
  await chat.history.getByRole('button', { name: /^More actions: The first one/ }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect.poll(async () => (await keptChats(page)).join()).toMatch(/^The second one[^,]*$/);

  await page.getByRole('button', { name: 'Cleo' }).click();
  await page.getByRole('button', { name: words.nav.sign_out }).click();
  await page.waitForURL(/\/signin/);
  await expect.poll(async () => await keptChats(page)).toEqual([]);
  await house.signIn(page, ben);
  await page.goto(`${house.url}/account`);
  await expect(page.getByRole('switch', { name: words.installed.keep })).not.toBeChecked();

  // Signed out from elsewhere, nothing stays either.
  await switchKeeping(page, house, true);
  await page.goto(house.url);
  await chat.say('Soon gone');
  await chat.finished();
  await expect.poll(async () => (await keptChats(page)).length).toBe(1);
  await page.context().clearCookies();
  await page.goto(`${house.url}/models`);
  await page.waitForURL(/\/signin/);
  await expect.poll(async () => await keptChats(page)).toEqual([]);
});

test('a chat deleted on another device goes from this one when it comes back', async ({ page, otherDevice }) => {
  const house = here();
  const dora = await house.person('Dora');
  await house.signIn(page, dora);
  await switchKeeping(page, house, true);
  const chat = new Chat(page);
  const ids: string[] = [];
  for (const question of ['Stays here', 'Goes elsewhere']) {
    await page.goto(house.url);
    await chat.say(question);
    await chat.finished();
    await expect(page).toHaveURL(/\/chats\//);
    ids.push(page.url().split('/').pop() ?? '');
  }
  await expect.poll(async () => (await keptChats(page)).length).toBe(2);
  // No page of this device is there to hear of it.
  await page.goto('about:blank');
  const elsewhere = await otherDevice();
  await house.signIn(elsewhere, dora);
  const deleted = await elsewhere.request.post(`${house.url}/fn/chats/delete`, {
    headers: { origin: house.url },
    data: { id: ids[1] },
  });
  expect(deleted.status()).toBe(200);
  await page.goto(`${house.url}/models`);
  await expect.poll(async () => (await keptChats(page)).join()).toMatch(/^Stays here[^,]*$/);
});

test('what another app shares stands in the composer, also after signing in, and is not sent', async ({ page }) => {
  const house = here();
  const shared = `${house.url}/share?title=A%20page&text=Read%20this&url=https%3A%2F%2Fx.org`;
  await page.goto(shared);
  await page.waitForURL(/\/signin/);
  await page.locator('input[name=email]').fill(house.olga.email);
  await page.locator('input[name=password]').fill('correct horse battery');
  await page.locator('form button[type=submit]').click();
  const chat = new Chat(page);
  await expect(chat.composer).toHaveValue('A page\nRead this\nhttps://x.org');
  await expect(page).toHaveURL(`${house.url}/`);
  await expect(chat.messages).toHaveCount(0);
  // Loaded again it stands there once, as a draft: the address no longer carries it.
  await page.reload();
  await expect(chat.composer).toHaveValue('A page\nRead this\nhttps://x.org');

  await page.goto(shared);
  await expect(chat.composer).toHaveValue('A page\nRead this\nhttps://x.org');
  await expect(chat.send).toBeEnabled();
  await chat.send.click();
  await expect(chat.questions).toContainText('Read this');
});

test('a keyboard that lies over the page pushes the composer up', async ({ page }) => {
  const house = here();
  await page.setViewportSize({ width: 390, height: 844 });
  await house.signIn(page, house.olga);
  const lowerEdge = async () => {
    const box = await page.locator('.composer').boundingBox();
    return Math.round((box?.y ?? 0) + (box?.height ?? 0));
  };
  expect(await lowerEdge()).toBe(844);
  // As in browsers that do not make the page smaller for it.
  const cover = async (height: number) =>
    await page.evaluate((height) => {
      Object.defineProperty(window.visualViewport, 'height', { configurable: true, value: innerHeight - height });
      window.visualViewport?.dispatchEvent(new Event('resize'));
    }, height);
  await cover(336);
  await expect.poll(lowerEdge).toBe(844 - 336);
  await cover(0);
  await expect.poll(lowerEdge).toBe(844);
});

/** A server whose files can be replaced while it is down, as an upgrade does. */
class Upgradable {
  private constructor(
    readonly folder: string,
    readonly server: Server,
  ) {}

  static async start(): Promise<Upgradable> {
    const { binary, site } = places();
    // On the same disk as the binary, so that it need not be copied.
    const folder = mkdtempSync(join(dirname(binary), 'upgrade-'));
    linkSync(binary, join(folder, 'purser'));
    cpSync(join(dirname(binary), 'hash.txt'), join(folder, 'hash.txt'));
    cpSync(site, join(folder, 'site'), { recursive: true });
    const env = { PURSER_BIN: join(folder, 'purser'), LEPTOS_SITE_ROOT: join(folder, 'site') };
    return new Upgradable(folder, await Server.start(env));
  }

  /** Puts another stylesheet and other code in the place of the old, under names of their own. */
  async upgrade() {
    await this.server.kill('SIGTERM');
    const list = join(this.folder, 'hash.txt');
    let hashes = readFileSync(list, 'utf8');
    const files = join(this.folder, 'site', 'pkg');
    for (const kind of ['css', 'wasm']) {
      const old = new RegExp(`^${kind}: (\\S+)$`, 'm').exec(hashes)?.[1] ?? '';
      const name = `purser.${old}.${kind}`;
      expect(readdirSync(files)).toContain(name);
      renameSync(join(files, name), join(files, `purser.newer.${kind}`));
      hashes = hashes.replace(`${kind}: ${old}`, `${kind}: newer`);
    }
    writeFileSync(list, hashes);
    await this.server.up();
  }

  async stop() {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

test('a new version is told of, taken by one reload when its reader wants, and nothing typed is lost', async ({
  page,
  browserErrors,
}) => {
  browserErrors.expectConnectionLoss();
  const upgradable = await Upgradable.start();
  try {
    const house = await House.open(upgradable.server);
    await house.signIn(page, house.olga);
    await workerReady(page);
    await page.reload();
    const build = await page.locator('html').getAttribute('data-build');
    const chat = new Chat(page);
    await chat.composer.fill('half a sentence');
    const news = page.getByRole('status').filter({ hasText: words.common.new_version });
    await expect(news).toBeHidden();
    let loads = 0;
    const modules: string[] = [];
    page.on('load', () => (loads += 1));
    page.on('request', (request) => {
      // Not the pieces, which come after it and are the same in both versions.
      const path = new URL(request.url()).pathname;
      if (/\/purser\.[^/]+\.wasm$/.test(path)) modules.push(path);
    });

    await upgradable.upgrade();
    await expect(news).toBeVisible({ timeout: 20_000 });
    await expectNoAxeViolations(page);
    expect(loads, 'nobody is interrupted').toBe(0);
    // The new worker waits beside the old one until somebody agrees.
    await expect
      .poll(async () => await page.evaluate(async () => !!(await navigator.serviceWorker.getRegistration())?.waiting))
      .toBe(true);
    expect(await page.evaluate(async () => (await caches.keys()).length)).toBe(2);

    await news.getByRole('button', { name: words.common.reload }).click();
    await expect(page.locator(`html[data-hydrated]:not([data-build="${build}"])`)).toBeAttached();
    await expect(chat.composer).toHaveValue('half a sentence');
    await expect(news).toBeHidden();
    expect(loads, 'one reload').toBe(1);
    expect(modules, 'new pages run new code').toEqual(['/pkg/purser.newer.wasm']);
    await expect.poll(async () => await page.evaluate(async () => (await caches.keys()).length)).toBe(1);
    expect(await page.evaluate(async () => !!(await navigator.serviceWorker.getRegistration())?.waiting)).toBe(false);

    // Who loads the page by themselves has the new version at once, and hears nothing of it.
    await page.reload();
    await expect(news).toBeHidden();
  } finally {
    await upgradable.stop();
  }
});
