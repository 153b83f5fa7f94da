// The page of the design language against its pictures: a change of looks is seen before it is merged.
import { existsSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, sharedHouse, test } from '../fixtures';

const here = sharedHouse();

const FORMS = [
  ['day', { width: 1280, height: 900 }, 'light'],
  ['night', { width: 1280, height: 900 }, 'dark'],
  ['phone', { width: 390, height: 844 }, 'light'],
  ['wide', { width: 1920, height: 1080 }, 'light'],
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

for (const [form, viewport, colorScheme] of FORMS) {
  test(`the design language looks as it was agreed: ${form}`, async ({ page }) => {
    const house = here();
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await house.signIn(page, house.olga);
    await page.goto(`${house.url}/design`);
    const name = `${form}-${await fonts(page)}.png`;
    // `make journeys ARGS="design --update-snapshots"` takes them anew, also for the fonts of another machine.
    const taking = ['all', 'changed'].includes(test.info().config.updateSnapshots);
    test.skip(!taking && !existsSync(test.info().snapshotPath(name)), `no pictures for the fonts of this machine: ${name}`);
    await expect(page.getByRole('main')).toHaveScreenshot(name, { maxDiffPixelRatio: 0.005 });
  });
}
