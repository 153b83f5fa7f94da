// A chat with more messages than its page shows at once.
import { Chat, expect, sharedHouse, test } from '../fixtures';

const EXCHANGES = 24;

const here = sharedHouse((house, { fakes }) => house.connect('openai', fakes, 'gpt-4o-mini'));

/** Runs in the page: leads a conversation over the same functions as the composer, and returns its address. */
async function converse(exchanges: number): Promise<string> {
  const call = async (name: string, body: object) => {
    const answer = await fetch(`/fn/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${name} answered ${answer.status}: ${await answer.text()}`);
    return await answer.json();
  };
  let chat: string | null = null;
  let last: string | null = null;
  for (let number = 1; number <= exchanges; number++) {
    // Of different heights, so that a guess at them would show.
    const text = [`Question ${number}.`, ...Array.from({ length: number % 5 }, (_, line) => `Line ${line}.`)].join(
      '\n',
    );
    const message = { chat_id: chat, parent_id: last, text, model: 'gpt-4o-mini' };
    const started: any = await call('chats/send', { message });
    chat = started.chat_id;
    last = started.reply.id;
    for (;;) {
      const view: any = await call('chats/open', { id: chat, before: null });
      if (view.messages.at(-1).state === 'complete') break;
    }
  }
  return `/chats/${chat}`;
}

test('older messages come on demand and nothing moves under the reader', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const address = await page.evaluate(converse, EXCHANGES);
  await page.goto(house.url + address);
  const chat = new Chat(page);
  const older = page.getByRole('button', { name: 'Load older messages' });

  // The newest page, at its end.
  await expect(chat.messages).toHaveCount(40);
  await expect(chat.reply).toBeInViewport();
  await expect(older).not.toBeInViewport();

  await chat.thread.focus();
  await chat.thread.press('Home');
  await expect(older).toBeInViewport();
  const first = chat.messages.first();
  const words = await chat.text(first).innerText();
  const known = chat.messages.filter({ hasText: words.split('\n')[0] });
  await expect(known).toHaveCount(2); // The reply repeats its question.
  const before = (await known.first().boundingBox())!.y;

  // Where the message stands in every picture that is drawn from now on.
  await chat.thread.evaluate((area) => {
    const message = area.querySelector('article')!;
    const places: number[] = [];
    (window as any).places = places;
    const look = new ResizeObserver(() => places.push(message.getBoundingClientRect().top));
    look.observe(area.querySelector('.messages')!);
    area.addEventListener('scroll', () => places.push(message.getBoundingClientRect().top));
  });
  await older.click();
  await expect(chat.messages).toHaveCount(2 * EXCHANGES);
  await expect(older).toHaveCount(0);
  const moved = async () => Math.abs((await known.first().boundingBox())!.y - before);
  await expect.poll(moved, 'the message one was reading stays in its place').toBeLessThan(3);
  const places: number[] = await page.evaluate(() => (window as any).places);
  const jumps = places.filter((place) => Math.abs(place - before) > 3);
  expect(jumps, `never drawn elsewhere than at ${before}`).toEqual([]);

  // The reader scrolls on upwards to the very first question.
  await chat.thread.press('Home');
  await expect(chat.questions.first()).toContainText('Question 1.');
  await expect(chat.questions.first()).toBeInViewport();
  await page.getByRole('button', { name: 'Jump to the latest message' }).click();
  await expect(chat.reply).toBeInViewport();
});

test('a chat stands at its end before the page lives', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const address = await page.evaluate(converse, 6);
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
