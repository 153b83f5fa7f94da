// Pictures that travel with the app: those of the manifest, and the one that is shown beside a link. `make pictures`
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chat, expect, sharedHouse, test } from '../fixtures';
import type { Provider } from '../provider';
import { wordsOf } from '../words';
import { writeSmall } from './png';
import { EXCHANGES, MAIN, startProvider } from './provider';

const PUBLIC = join(import.meta.dirname, '..', '..', 'public');
const INK = '#1a2a4a';
const PAPER = '#fbf7f1';
const BRASS = '#dcb469';

let provider: Provider;

const here = sharedHouse(async (house) => {
  provider = await startProvider();
  await house.connect('openai', provider, MAIN);
});

test.afterAll(async () => {
  await provider?.stop();
});

test('screenshots for the browser that asks whether to install, and for the front page', async ({ page, browser }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  for (const { question, title } of EXCHANGES) {
    await page.goto(`${house.url}/`);
    await chat.pick(new RegExp(`^${MAIN}(?!.mini)`, 'i'));
    await chat.say(question);
    await chat.finished();
    await expect(chat.title).toHaveText(title);
  }
  const address = page.url();
  const desk = { viewport: { width: 1280, height: 800 } };
  const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
  for (const [form, device, colorScheme] of [
    ['wide', desk, 'light'],
    ['narrow', phone, 'light'],
    ['wide-dark', desk, 'dark'],
    ['narrow-dark', phone, 'dark'],
  ] as const) {
    const storageState = await page.context().storageState();
    const context = await browser.newContext({ ...device, colorScheme, storageState });
    const shown = await context.newPage();
    await shown.goto(address);
    await expect(shown.locator('html[data-hydrated]')).toBeAttached();
    await expect(new Chat(shown).figures()).toBeVisible();
    writeSmall(join(PUBLIC, `screenshot-${form}.png`), await shown.screenshot({ animations: 'disabled' }));
    await context.close();
  }
});

test('the picture beside a link', async ({ page }) => {
  const mark = readFileSync(join(PUBLIC, 'mark.svg'), 'utf8');
  await page.setViewportSize({ width: 1200, height: 630 });
  await page.setContent(`
    <style>
      body { margin: 0; height: 630px; background: ${PAPER}; color: ${INK}; display: grid; align-content: center; padding: 0 96px; box-sizing: border-box; }
      body::before { content: ""; position: fixed; inset: 40px; border: 2px solid #d9cfbd; border-radius: 20px; }
      header { display: flex; align-items: center; gap: 28px; margin-left: -12px; font: 500 104px/1 "Liberation Serif", serif; letter-spacing: -0.01em; }
      svg { width: 132px; height: 132px; }
      p { margin: 44px 0 0; padding-top: 40px; border-top: 8px double #9c6f25; max-width: 900px; font: 42px/1.35 "Liberation Sans", sans-serif; }
    </style>
    <header>${mark}<span>Purser</span></header>
    <p>${wordsOf('en').installed.description}</p>`);
  writeSmall(join(PUBLIC, 'social.png'), await page.screenshot());
});

// The strokes of `app/src/ui/icon.rs`, in the colours of the app's own icon.
const SHORTCUTS = { chat: 'Plus', models: 'Book', keys: 'Key' };

test('icons of the shortcuts', async ({ page }) => {
  const icons = readFileSync(join(PUBLIC, '..', 'app', 'src', 'ui', 'icon.rs'), 'utf8');
  await page.setViewportSize({ width: 96, height: 96 });
  for (const [name, icon] of Object.entries(SHORTCUTS)) {
    const path = new RegExp(`Self::${icon} =>[\\s{]*"([^"]+)"`).exec(icons)?.[1];
    expect(path, icon).toBeTruthy();
    await page.setContent(`
      <style>body { margin: 0; background: ${INK}; }</style>
      <svg viewBox="-8 -8 40 40" width="96" height="96" fill="none" stroke="${BRASS}" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">
        <path d="${path}" /></svg>`);
    writeSmall(join(PUBLIC, `shortcut-${name}-96.png`), await page.screenshot());
  }
});
