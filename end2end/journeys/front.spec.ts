// The front page: an owner opens the house, and strangers read of it without loading the app.
import {
  expect,
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  expectReadableColours,
  PASSWORD,
  sharedHouse,
  test,
  wordsOf,
} from '../fixtures';

const here = sharedHouse(async (house) => {
  await house.person('Ben', 'member');
});

const en = wordsOf('en');
const ko = wordsOf('ko');

test('an owner opens the door, and a stranger comes in by it', async ({ page, browser }) => {
  const house = here();
  const stranger = await (await browser.newContext({ locale: 'en-US' })).newPage();
  await stranger.goto(house.url);
  await expect(stranger).toHaveURL(`${house.url}/signin`);

  await house.signIn(page, house.olga);
  await page.getByText(en.nav.administration, { exact: true }).click();
  await page.getByRole('link', { name: en.nav.settings, exact: true }).click();
  await expect(page).toHaveURL(`${house.url}/settings`);
  await expectNoAxeViolations(page);
  const shown = page.getByRole('switch', { name: en.settings.front_show });
  await expect(shown).not.toBeChecked();
  await shown.check();
  await page.getByLabel(en.settings.house_name).fill('The Lee house');
  const words = page.getByLabel(en.settings.house_text);
  await words.fill('x'.repeat(601));
  await page.getByRole('button', { name: en.common.save }).click();
  await expect(page.getByText('Use at most 600 characters.')).toBeVisible();
  await expect(words).toHaveAttribute('aria-invalid', 'true');
  await words.fill('Chat and keys for all of us.\n<b>Be kind.</b>');
  await page.getByRole('button', { name: en.common.save }).click();
  await expect(page.getByText(en.settings.saved)).toBeVisible();
  await page.reload();
  await expect(shown).toBeChecked();
  await expect(words).toHaveValue('Chat and keys for all of us.\n<b>Be kind.</b>');

  const asked: string[] = [];
  stranger.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await stranger.goto(house.url);
  await expect(stranger).toHaveURL(`${house.url}/`);
  await expect(stranger.getByRole('heading', { level: 1, name: 'The Lee house' })).toBeVisible();
  await expect(stranger.getByText('<b>Be kind.</b>')).toBeVisible();
  await stranger.waitForLoadState('networkidle');
  expect(asked.filter((path) => /\.wasm$|^\/texts\/|^\/pkg\/.*\.js$/.test(path))).toEqual([]);
  const picture = stranger.getByRole('img', { name: en.installed.picture_chat });
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1280);

  await stranger.getByRole('link', { name: en.signin.title }).click();
  await expect(stranger.getByRole('link', { name: 'The Lee house' })).toBeVisible();
  await stranger.locator('input[name=email]').fill('Ben@example.org');
  await stranger.locator('input[name=password]').fill(PASSWORD);
  await stranger.keyboard.press('Enter');
  await expect(stranger).toHaveURL(`${house.url}/`);
  await expect(stranger.getByRole('textbox', { name: en.chat.message_label })).toBeVisible();
  await stranger.context().close();
});

test('by day and by night, at a desk and on a phone, in both languages', async ({ page }) => {
  const house = here();
  for (const [language, words] of [['en', en], ['ko', ko]] as const) {
    for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }, { width: 320, height: 640 }]) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      await page.goto(`${house.url}/?lang=${language}`);
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await expect(page.getByRole('heading', { name: words.front.keys_title })).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectNoAxeViolations(page);
      await page.emulateMedia({ colorScheme: 'dark' });
      await expectReadableColours(page);
      const picture = page.getByRole('img', { name: words.installed.picture_chat });
      const form = viewport.width > 640 ? 'wide' : 'narrow';
      await expect
        .poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && new URL(image.currentSrc).pathname))
        .toBe(`/screenshot-${form}-dark.png`);
    }
  }
  // The languages are the way from one to the other.
  await page.getByRole('link', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});
