// The page of the design language against its pictures: a change of looks is seen before it is merged.
import { existsSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, sharedHouse, test } from '../fixtures';

const here = sharedHouse();

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const FORMS = [
  ['day', { viewport: { width: 1280, height: 900 } }, 'light'],
  ['night', { viewport: { width: 1280, height: 900 } }, 'dark'],
  ['phone', PHONE, 'light'],
  ['wide', { viewport: { width: 1920, height: 1080 } }, 'light'],
] as const;

/** Names the fonts of this machine by how wide they set a line: other fonts make other pictures. */
async function fonts(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d')!;
    const styles = getComputedStyle(document.documentElement);
    const widths = ['--sans', '--serif', '--mono'].map((family) => {
      canvas.font = `100px ${styles.getPropertyValue(family)}`;
      return Math.round(canvas.measureText('Purser keeps the ledger: 0123456789').width);
    });
    return widths.join('-');
  });
}

/** Where the pictures of this machine's fonts are, or would be; skips the test where there are none. */
async function picture(page: Page, form: string): Promise<string> {
  const name = `${form}-${await fonts(page)}.png`;
  // `make journeys ARGS="design --update-snapshots"` takes them anew, also for the fonts of another machine.
  const taking = ['all', 'changed'].includes(test.info().config.updateSnapshots);
  test.skip(!taking && !existsSync(test.info().snapshotPath(name)), `no pictures for the fonts of this machine: ${name}`);
  return name;
}

const ALIKE = { maxDiffPixelRatio: 0.005 };

for (const [form, device, colorScheme] of FORMS) {
  test.describe(form, () => {
    test.use(device);

    test.beforeEach(async ({ page }) => {
      const house = here();
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await house.signIn(page, house.olga);
      await page.goto(`${house.url}/design`);
    });

    test('the design language looks as it was agreed', async ({ page }) => {
      await expect(page.getByRole('main')).toHaveScreenshot(await picture(page, form), ALIKE);
    });

    test('what lies above a page looks as it was agreed', async ({ page }) => {
      const sheet = page.getByRole('region', { name: 'Above the page' });
      await sheet.getByRole('button', { name: 'Create key' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await expect(page).toHaveScreenshot(await picture(page, `dialog-${form}`), ALIKE);
      await page.keyboard.press('Escape');

      await sheet.getByRole('button', { name: 'Revoke' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await expect(page.getByRole('dialog')).toHaveScreenshot(await picture(page, `confirm-${form}`), ALIKE);
      await page.keyboard.press('Escape');

      await sheet.getByRole('button', { name: 'Actions' }).click();
      const menu = page.locator('#design-menu');
      await expect(menu).toBeVisible();
      await expect(menu).toHaveScreenshot(await picture(page, `menu-${form}`), ALIKE);
    });
  });
}
