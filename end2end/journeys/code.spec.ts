// Code in a chat: its colours, its buttons, and lines longer than the column.
import { Chat, expect, expectNoAxeViolations, expectNoSidewaysScroll, expectReadableColours, sharedHouse, test } from '../fixtures';

const here = sharedHouse();

const LONG = `let answer = ${Array.from({ length: 40 }, (_, number) => `"word ${number}"`).join(' + ')}; // so long`;
const CODE = `\`\`\`rust\n${LONG}\n\`\`\``;

test('lines of code wrap on demand, also in code that comes later', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  await chat.pick(/long/);
  await chat.say(`${CODE}\n\n$$\n\\frac{a}{b} = ${'x + '.repeat(80)} y\n$$`);
  await chat.finished();

  const code = chat.questions.first().getByRole('group', { name: 'Code' });
  await expect(code.locator('.hl-word')).toHaveText('let');
  await expect(code.locator('.hl-note')).toHaveText('// so long');
  const isCut = () => code.evaluate((pre) => pre.scrollWidth > pre.clientWidth);
  expect(await isCut()).toBe(true);
  const formula = chat.questions.last().getByRole('group', { name: 'Formula' });
  await expect(formula.locator('mfrac')).toBeVisible();
  expect(await formula.evaluate((box) => box.scrollWidth > box.clientWidth)).toBe(true);
  await expectNoSidewaysScroll(page);

  const wrap = chat.questions.last().getByRole('button', { name: 'Wrap lines' });
  await wrap.scrollIntoViewIfNeeded();
  await wrap.focus();
  const before = (await wrap.boundingBox())!.y;
  await page.keyboard.press('Enter');
  await expect.poll(isCut).toBe(false);
  const unwrap = chat.questions.last().getByRole('button', { name: 'Unwrap lines' });
  await expect(unwrap).toBeFocused();
  expect(Math.abs((await unwrap.boundingBox())!.y - before)).toBeLessThan(2);
  await expectNoAxeViolations(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectReadableColours(page);

  // A choice for one is a choice for all, without a new page.
  await chat.say('And once more');
  await chat.finished();
  const later = chat.reply.getByRole('group', { name: 'Code' }).last();
  await expect(later).toHaveCSS('white-space-collapse', 'preserve');
  await expect(later).toHaveCSS('text-wrap-mode', 'wrap');
  await chat.reply.getByRole('button', { name: 'Unwrap lines' }).last().click();
  await expect(later).toHaveCSS('text-wrap-mode', 'nowrap');
  await expect.poll(isCut).toBe(true);

  await chat.reply.getByRole('button', { name: 'Wrap lines' }).last().click();
  await page.reload();
  await expect(chat.reply.getByRole('button', { name: 'Wrap lines' }).last()).toBeVisible();
  expect(await isCut()).toBe(true);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true, locale: 'ko-KR' });

  test('the buttons of code are large enough for a finger', async ({ page }) => {
    const house = here();
    await house.signIn(page, house.olga);
    const chat = new Chat(page, 'ko');
    await chat.say(CODE);
    await chat.finished();
    for (const name of ['줄 바꿈', '코드 복사']) {
      const box = (await chat.questions.last().getByRole('button', { name, exact: true }).boundingBox())!;
      expect(box.height, name).toBeGreaterThanOrEqual(44);
      expect(box.width, name).toBeGreaterThanOrEqual(44);
    }
    await chat.questions.last().getByRole('button', { name: '줄 바꿈', exact: true }).tap();
    const code = chat.questions.last().getByRole('group', { name: '코드', exact: true });
    await expect.poll(() => code.evaluate((pre) => pre.scrollWidth <= pre.clientWidth)).toBe(true);
    await expectNoSidewaysScroll(page);
  });
});
