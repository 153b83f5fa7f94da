// The list of models: sorted, searched, and priced by who administers.
import type { Page } from '@playwright/test';
import { expect, expectNoAxeViolations, expectNoSidewaysScroll, hydrated, sharedHouse, test, wordsOf } from '../fixtures';

const here = sharedHouse((house, { fakes }) => house.connect('openai', fakes, 'gpt-4o-mini'));
const words = wordsOf('en');

function models(page: Page) {
  return page.getByRole('table', { name: words.models.title });
}

/** What a million input tokens cost, line by line; nothing where it is free, without end where nobody knows. */
async function inputPrices(page: Page): Promise<number[]> {
  const rows = models(page).locator('tbody tr');
  await expect(rows.first()).toBeVisible();
  return await rows.evaluateAll(
    (rows, [price, free]) =>
      rows.map((row) => {
        const cell = row.querySelector(`td[data-label="${price}"]`);
        if (cell) return Number(cell.textContent!.replace(/[$,]/g, ''));
        return row.textContent!.includes(free) ? 0 : Infinity;
      }),
    [words.models.price_in, words.provenance.free],
  );
}

test('models are sorted by their heads, and the address keeps that and what is looked for', async ({ page }) => {
  const house = here();
  await house.signIn(page, await house.person('Mia'));
  await page.goto(`${house.url}/models`);
  await hydrated(page);
  const head = page.getByRole('columnheader', { name: words.models.price_in, exact: true });
  await head.getByRole('link').click();
  await expect(page).toHaveURL(`${house.url}/models?sort=input&way=up`);
  await expect(head).toHaveAttribute('aria-sort', 'ascending');
  await expect(models(page)).toContainText('demo');
  const cheapest = await inputPrices(page);
  expect(cheapest).toEqual([...cheapest].sort((one, other) => one - other));
  expect(new Set(cheapest).size).toBeGreaterThan(1);
  await head.getByRole('link').click();
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  await expect.poll(async () => (await inputPrices(page))[0]).toBe(Math.max(...cheapest.filter(Number.isFinite)));
  await expectNoAxeViolations(page);

  // Letter by letter the list follows; going back leads to what was before, not to fewer letters.
  const entries = await page.evaluate(() => history.length);
  const field = page.getByRole('searchbox', { name: words.models.search });
  await field.pressSequentially('gpt-4o', { delay: 20 });
  await expect(models(page)).toContainText('gpt-4o-mini');
  await expect(models(page)).not.toContainText('demo');
  await expect(page).toHaveURL(`${house.url}/models?q=gpt-4o&sort=input&way=down`);
  await expect(field).toBeFocused();
  expect(await page.evaluate(() => history.length)).toBe(entries);

  await page.reload();
  await hydrated(page);
  await expect(field).toHaveValue('gpt-4o');
  await expect(models(page)).toContainText('gpt-4o-mini');
  await expect(models(page)).not.toContainText('demo');
  await head.getByRole('link').click();
  await expect(page).toHaveURL(`${house.url}/models?q=gpt-4o&sort=input&way=up`);
  await expect(field).toHaveValue('gpt-4o');

  // Who does not administer sets no prices.
  await expect(page.getByRole('button', { name: words.models.set_price })).toHaveCount(0);
});

test('who administers sets a price from the list of models', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  await page.goto(`${house.url}/models?q=gpt-4o-mini`);
  await hydrated(page);
  const row = models(page).getByRole('row').filter({ hasText: 'gpt-4o-mini' });
  await row.getByRole('button', { name: words.models.set_price }).click();
  const form = page.getByRole('dialog', { name: words.models.price_title.replace('{model}', 'gpt-4o-mini') });
  await expect(form.getByLabel(words.models.price_in, { exact: true })).toHaveValue('0.15');
  await expectNoAxeViolations(page);
  await form.getByLabel(words.models.price_in, { exact: true }).fill('1234.5');
  await form.getByRole('button', { name: words.common.save }).click();
  await expect(form).toBeHidden();
  await expect(row).toContainText('$1,234.50');
  // A second time it says what it costs by now.
  await row.getByRole('button', { name: words.models.set_price }).click();
  await expect(form.getByLabel(words.models.price_in, { exact: true })).toHaveValue('1234.50');
  await page.keyboard.press('Escape');

  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
});
