// A chat with more messages than its page shows at once.
import { converse, questions } from '../converse';
import { Chat, expect, sharedHouse, test } from '../fixtures';

const EXCHANGES = 24;

const MODEL = 'gpt-4o-mini';

const here = sharedHouse((house, { fakes }) => house.connect('openai', fakes, MODEL));

test('older messages come on demand and nothing moves under the reader', async ({ page }) => {
  const house = here();
  await house.signIn(page, house.olga);
  const address = await page.evaluate(converse, [questions(EXCHANGES), MODEL] as [string[], string]);
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
