// Reading a reply while it is written: at its end, above it, by ear, and from right to left.
import type { Locator, Page } from '@playwright/test';
import { converse } from '../converse';
import { Chat, expect, expectNoAxeViolations, expectNoSidewaysScroll, filled, sharedHouse, test, wordsOf } from '../fixtures';
import { Scribe, SCRIBE } from '../scribe';

const en = wordsOf('en');

let scribe: Scribe;

const here = sharedHouse(async (house) => {
  scribe = await Scribe.start();
  await house.connect('openai', scribe, SCRIBE, 'scribe');
});

test.afterAll(() => scribe?.stop());

/** How near to the end counts as being there, in pixels; as `chats/follow.rs` has it. */
const NEAR = 8;

const LINES = Array.from({ length: 8 }, (_, line) => `It is about line ${line} of the books, and of what was taken on board.`);

/** A paragraph that is higher than one line, and tells which one it is. */
const paragraph = (number: number) => `Paragraph ${number}. ${LINES.join(' ')}\n\n`;

/** Asks the scribe something. */
async function ask(page: Page, question = 'Tell me about the books'): Promise<Chat> {
  const chat = new Chat(page);
  await chat.pick(new RegExp(SCRIBE));
  await chat.say(question);
  return chat;
}

/** Writes a paragraph, and waits until it is read. */
async function write(chat: Chat, number: number) {
  await scribe.write(paragraph(number));
  await expect(chat.text()).toContainText(`Paragraph ${number}.`);
}

const place = (chat: Chat) => chat.thread.evaluate((area) => area.scrollTop);
const gap = (chat: Chat) => chat.thread.evaluate((area) => area.scrollHeight - area.clientHeight - area.scrollTop);

test('who reads at the end stays there, and who scrolls up is left alone until they come back', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = await ask(page);
  await write(chat, 0);
  // What is asked of each picture with a longer text; the page follows in the same one, before it is drawn.
  await chat.thread.evaluate((area) => {
    const gaps: number[] = [];
    Object.assign(window, { gaps });
    const look = () => gaps.push(area.scrollHeight - area.clientHeight - area.scrollTop);
    new ResizeObserver(look).observe(area.querySelector('.messages')!);
  });
  for (let number = 1; number <= 12; number++) await write(chat, number);
  const gaps: number[] = await page.evaluate(() => (window as any).gaps);
  expect(gaps.length, 'it grew while it was looked at').toBeGreaterThan(8);
  expect(Math.max(...gaps), 'the end was never out of view').toBeLessThanOrEqual(NEAR);
  const down = page.getByRole('button', { name: en.chat.scroll_to_end });
  await expect(down).toBeHidden();
  expect(await place(chat), 'there is something above to scroll to').toBeGreaterThan(400);

  await chat.thread.hover();
  await page.mouse.wheel(0, -300);
  await expect(down).toBeVisible();
  // Until the wheel has come to rest.
  let before = -1;
  await expect
    .poll(async () => {
      const last = before;
      before = await place(chat);
      return before === last;
    })
    .toBe(true);
  for (let number = 13; number <= 24; number++) {
    await write(chat, number);
    expect(await place(chat), `after paragraph ${number}`).toBe(before);
  }
  expect(await gap(chat), 'the text has grown below').toBeGreaterThan(300);
  await expect(down).toBeVisible();

  await down.click();
  await expect.poll(() => gap(chat)).toBeLessThanOrEqual(NEAR);
  await expect(down).toBeHidden();
  for (let number = 25; number <= 28; number++) {
    await write(chat, number);
    await expect.poll(() => gap(chat), `after paragraph ${number}`).toBeLessThanOrEqual(NEAR);
  }
  await scribe.end();
  await chat.finished();
  await expect.poll(() => gap(chat), 'with its figures').toBeLessThanOrEqual(NEAR);
});

test('what is finished of a reply is never drawn again', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = await ask(page);
  const pieces = [
    'The first paragraph, with **strong** words.\n\n',
    '- a list\n- of two\n\n',
    '```rust\nfn main() {}\n```\n\n',
    '| a | b |\n| --- | --- |\n| 1 | 2 |\n\n',
    '> The last but one.\n\n',
  ];
  const blocks = chat.text().locator('.block');
  /** Marks whatever is finished, and looks for every change in it. */
  const mark = (finished: number) =>
    chat.text().evaluate((text, finished) => {
      const seen: string[] = ((window as any).changes ??= []);
      for (const block of [...text.querySelectorAll('.block')].slice(0, finished)) {
        for (const node of [block, ...block.querySelectorAll('*')]) {
          if ('isKnown' in node) continue;
          Object.assign(node, { isKnown: true });
          const keep = (records: MutationRecord[]) => seen.push(...records.map(({ type }) => `${type} in ${node.nodeName}`));
          new MutationObserver(keep).observe(node, { childList: true, characterData: true, attributes: true });
        }
      }
    }, finished);
  for (const [number, piece] of pieces.entries()) {
    await scribe.write(piece);
    await expect(blocks).toHaveCount(number + 1);
    // The one that was begun last may still go on.
    await mark(number);
  }
  await scribe.write('The end.');
  await expect(chat.text()).toContainText('The end.');
  await mark(pieces.length);
  await scribe.end();
  await chat.finished();
  const [known, changes] = await chat.text().evaluate((text, count) => {
    const finished = [...text.querySelectorAll('.block')].slice(0, count);
    const nodes = finished.flatMap((block) => [block, ...block.querySelectorAll('*')]);
    return [nodes.map((node) => 'isKnown' in node), (window as any).changes as string[]] as const;
  }, pieces.length);
  expect(known.length).toBeGreaterThan(20);
  expect(known, 'each is the node it was').not.toContain(false);
  expect(changes).toEqual([]);
});

test('a screen reader hears once that a reply is there, and nothing of it before', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = await ask(page);
  await expect(chat.reply).toHaveAttribute('aria-busy', 'true');
  // Everything that a place which speaks by itself ever says from here on.
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    const speaking = '[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]';
    const listen = () => {
      for (const place of document.querySelectorAll(speaking)) {
        const words = (place.textContent ?? '').trim();
        if (words && said.at(-1) !== words) said.push(words);
      }
    };
    new MutationObserver(listen).observe(document, { subtree: true, childList: true, characterData: true });
  });
  const finished = page.getByRole('status').filter({ hasText: en.chat.reply_finished });
  for (let number = 1; number <= 4; number++) {
    await write(chat, number);
    await expect(chat.reply).toHaveAttribute('aria-busy', 'true');
  }
  await expect(finished).toHaveCount(0);
  await scribe.end();
  await chat.finished();
  await expect(chat.reply).not.toHaveAttribute('aria-busy');
  await expect(finished).toHaveCount(1);
  await expect(finished).toHaveText(en.chat.reply_finished);
  const said: string[] = await page.evaluate(() => (window as any).said);
  expect(said, 'what was heard').toContain(en.chat.reply_finished);
  expect(said.filter((words) => words.includes('Paragraph') || words.includes('books'))).toEqual([]);

  // The next one is told as well.
  await chat.say('And then?');
  await expect(finished).toHaveCount(0);
  await write(chat, 5);
  await scribe.end();
  await chat.finished();
  await expect(finished).toHaveCount(1);
});

test('what a model thinks is folded away, says how long it took, and opens by keyboard', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = await ask(page);
  await scribe.think('First the words are counted.\n\n');
  await expect(chat.reply.getByText(en.chat.thinking)).toBeVisible();
  await scribe.think('Then the coins.');
  const fold = chat.reply.locator('summary');
  await expect(fold).toHaveText(en.chat.reasoning);
  const thoughts = chat.reply.getByText('Then the coins.');
  await expect(thoughts).toBeHidden();
  await scribe.write('A hundred and two.');
  await expect(fold).toHaveText(filled(en.chat.thought_for));
  await expect(chat.reply.getByText(en.chat.thinking)).toHaveCount(0);
  await scribe.end();
  await chat.finished();

  await chat.thread.focus();
  for (let stop = 0; stop < 10 && !(await fold.evaluate((it) => it === document.activeElement)); stop++) {
    await page.keyboard.press('Tab');
  }
  await expect(fold).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(thoughts).toBeVisible();
  await expectNoAxeViolations(page);
  await page.keyboard.press('Space');
  await expect(thoughts).toBeHidden();
  await page.reload();
  await expect(fold).toHaveText(filled(en.chat.thought_for));
  await expect(chat.text()).toHaveText('A hundred and two.');
  await expect(thoughts).toBeHidden();
});

/** At which edge of its own box a paragraph begins to be read: where its first letter stands. */
async function beginsAt(paragraph: Locator): Promise<'left' | 'right' | 'neither'> {
  return await paragraph.evaluate((element) => {
    const letters = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode() as Text;
    const first = document.createRange();
    first.setStart(letters, 0);
    first.setEnd(letters, 1);
    const letter = first.getClientRects()[0];
    const box = element.getBoundingClientRect();
    if (Math.abs(letter.right - box.right) < 3) return 'right';
    return Math.abs(letter.left - box.left) < 3 ? 'left' : 'neither';
  });
}

/** In Arabic and in Hebrew, each longer than a line of the composer. */
const ARABIC = 'أمين الصندوق يكتب في دفاتره كل ما حُمل على السفينة وما استُهلك منه وما بقي. ثم يجمع الأرقام في آخر كل يوم.';
const HEBREW = 'הגזבר רושם בספריו את כל מה שהועמס על הספינה, מה נצרך ומה נשאר, עם NanoUsd במקום מטבעות.';

test('words that run from the right do, and code beside them does not', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  await chat.pick(new RegExp(SCRIBE));
  await chat.composer.fill(HEBREW);
  expect(await chat.composer.evaluate((field) => field.matches(':dir(rtl)'))).toBe(true);
  await chat.composer.press('Enter');
  const own = chat.text(chat.questions.last()).locator('p');
  await expect(own).toHaveText(HEBREW);
  await expect(own).toHaveCSS('direction', 'rtl');
  expect(await beginsAt(own)).toBe('right');

  await scribe.write(`${ARABIC}\n\n${LINES.join(' ')}\n\n- ${ARABIC}\n\n`);
  await scribe.write(`${ARABIC} \`let code = 1;\`\n\n\`\`\`rust\nfn main() {} // ${ARABIC.slice(0, 30)}\n\`\`\`\n`);
  await scribe.end();
  await chat.finished();
  const paragraphs = chat.text().locator('p');
  await expect(paragraphs.nth(0)).toHaveCSS('direction', 'rtl');
  expect(await beginsAt(paragraphs.nth(0))).toBe('right');
  // Left as it is in the same reply.
  expect(await beginsAt(paragraphs.nth(1))).toBe('left');
  expect(await beginsAt(paragraphs.nth(2))).toBe('right');
  await expect(chat.text().locator('p > code')).toHaveCSS('direction', 'ltr');
  const code = chat.reply.getByRole('group', { name: en.chat.code_label });
  await expect(code).toHaveCSS('direction', 'ltr');
  await expect(code).toHaveCSS('text-align', 'left');
  expect(await beginsAt(code.locator('code'))).toBe('left');
  await expectNoSidewaysScroll(page);
});

for (const [where, viewport] of [
  ['at a desk', { width: 1280, height: 800 }],
  ['on a phone', { width: 360, height: 740 }],
] as const) {
  test(`the whole house fits from right to left ${where}`, async ({ page }) => {
    const house = here();
    await page.setViewportSize(viewport);
    await house.signIn(page, house.olga);
    // As a language that runs so would have it; none of ours does yet.
    await page.addInitScript(() => {
      const turn = () => document.documentElement?.setAttribute('dir', 'rtl');
      new MutationObserver(turn).observe(document, { childList: true });
      turn();
    });
    const address = await page.evaluate(converse, [['What is a purser?'], 'demo-long'] as [string[], string]);
    for (const path of [address, '/home', '/members']) {
      await page.goto(house.url + path);
      await expect(page.locator('html')).toHaveCSS('direction', 'rtl');
      await expect(page.locator('.skeleton')).toHaveCount(0);
      await expect(page.getByRole('heading', { level: 1 })).toBeInViewport();
      await expectNoSidewaysScroll(page);
      if (viewport.width < 960) continue;
      const sidebar = (await page.getByRole('complementary').boundingBox())!;
      expect(sidebar.x + sidebar.width, 'the sidebar stands at the right').toBe(viewport.width);
    }
    if (viewport.width < 960) {
      await page.getByRole('button', { name: en.nav.open_menu }).click();
      await expect(page.getByRole('complementary')).toBeVisible();
      await expectNoSidewaysScroll(page);
    }
  });
}
