// How a chat of two thousand messages feels while a long reply streams, beside a short one.
import { test, type Browser, type Page } from '@playwright/test';
import { waitOnArrival } from '../browser';
import { Chat } from '../chat';
import { converse, questions } from '../converse';
import { House } from '../house';
import { framesSince, sendAndTime, settled, watchFrames, type Frames } from './frames';
import type { Provider } from '../provider';
import { BRISK, startProvider, STEADY } from './provider';
import { tasksDuring } from './work';

const MESSAGES = Number(process.env.PURSER_FRAMES_MESSAGES ?? 2_000);
const ROUNDS = Number(process.env.PURSER_FRAMES_ROUNDS ?? 3);
/** How often the time to the first word is taken. */
const SENDINGS = 12;
/** No frame may take longer. */
const LONG_MS = 50;

let house: House;
let provider: Provider;

test.beforeAll(async () => {
  provider = await startProvider();
  house = await House.open();
  await house.connect('openai', provider, BRISK);
  await house.connect('openai', provider, STEADY, 'steady');
});

test.afterAll(async () => {
  await house?.close();
  await provider?.stop();
});

/** Opens a chat with everything that was ever said in it. */
async function openWhole(page: Page, address: string, messages: number) {
  await page.goto(house.url + address);
  // In the page: looking for the button by its name takes longer than what it does.
  await page.evaluate(async (messages) => {
    const shown = document.getElementsByClassName('message');
    while (shown.length < messages) {
      // It rests while the messages of the last click are on their way.
      const older = document.querySelector<HTMLButtonElement>('.messages > .button-small');
      if (older && !older.disabled) older.click();
      await new Promise((done) => requestAnimationFrame(done));
    }
  }, messages);
  await toEnd(page);
}

/** Back to where a reply grows, unless the view is there. */
async function toEnd(page: Page) {
  const down = page.getByRole('button', { name: 'Jump to the latest message' });
  if (await down.isVisible()) await down.click();
}

const at = (sorted: number[], share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const ms = (value: number) => value.toFixed(1).padStart(7);

/** Watches the page while `during` runs, and says how it went. */
async function watched(browser: Browser, page: Page, name: string, during: () => Promise<void>) {
  let frames: Frames | undefined;
  const tasks = await tasksDuring(browser, page, async () => {
    await watchFrames(page);
    await during();
    frames = await framesSince(page);
  });
  const { gaps, long } = frames!;
  const over = (values: number[]) => values.filter((value) => value > LONG_MS).length;
  const work = tasks.map(({ whole }) => whole).reverse();
  console.log(`${name}`);
  console.log(
    `  frames by the clock ${String(gaps.length).padStart(5)}  p50 ${ms(at(gaps, 0.5))}  p99 ${ms(at(gaps, 0.99))}  ` +
      `longest ${ms(at(gaps, 1))}  over 50: ${over(gaps)}; long by the browser's own count: ${long.length}`,
  );
  console.log(
    `  tasks, processor    ${String(work.length).padStart(5)}  together ${ms(work.reduce((sum, one) => sum + one, 0))}  ` +
      `p99 ${ms(at(work, 0.99))}  longest ${ms(at(work, 1))}  over 50: ${over(work)}`,
  );
  for (const { whole, parts } of tasks.slice(0, 4)) {
    console.log(`    ${ms(whole)}: ${parts.map(([part, value]) => `${part} ${value.toFixed(1)}`).join(', ')}`);
  }
  for (const { duration, who } of long.toSorted((a, b) => b.duration - a.duration).slice(0, 2)) {
    console.log(`    by the clock ${ms(duration)}: ${who}`);
  }
}

test('frames while a reply streams, and the way to its first word', async ({ browser, page }) => {
  waitOnArrival(page);
  await house.signIn(page, house.olga);
  const short = await page.evaluate(converse, [questions(1), BRISK] as [string[], string]);
  let since = performance.now();
  const long = await page.evaluate(converse, [questions(MESSAGES / 2), BRISK] as [string[], string]);
  console.log(`made ${MESSAGES} messages in ${Math.round((performance.now() - since) / 1_000)} s`);
  const chat = new Chat(page);

  for (const [name, address, messages] of [
    ['short chat', short, 2],
    [`${MESSAGES} messages`, long, MESSAGES],
  ] as const) {
    since = performance.now();
    await openWhole(page, address, messages);
    console.log(`${name}: opened whole in ${Math.round((performance.now() - since) / 1_000)} s`);

    await chat.pick(new RegExp(`^${BRISK}`));
    const times: number[] = [];
    for (let sending = 0; sending < SENDINGS; sending++) {
      const whole = await sendAndTime(page, `And question ${sending}?`);
      times.push(whole - provider.firstWords.at(-1)!);
      await settled(page);
    }
    times.sort((a, b) => a - b);
    console.log(`${name}: Enter to first words, provider's own left out: p50 ${ms(at(times, 0.5))} ms, longest ${ms(at(times, 1))} ms`);

    await chat.pick(new RegExp(`^${STEADY}(?!-)`));
    for (let round = 1; round <= ROUNDS; round++) {
      await chat.composer.fill('Tell me everything.');
      await watched(browser, page, `${name}, at the end, round ${round}`, async () => {
        await page.keyboard.press('Enter');
        await page.waitForTimeout(1_000);
        await settled(page);
      });

      await chat.say('Tell me everything again.');
      await chat.streams();
      await chat.thread.hover();
      await watched(browser, page, `${name}, scrolling, round ${round}`, async () => {
        const whole = settled(page).then(() => true);
        while (!(await Promise.race([whole, page.waitForTimeout(50)]))) {
          for (const way of [-400, -400, -400, 500, 500]) await page.mouse.wheel(0, way);
        }
      });
      await toEnd(page);
      await settled(page);
    }
  }
});

test('the first words of the demo, from the key that sends', async ({ page }) => {
  waitOnArrival(page);
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  await page.goto(house.url);
  await chat.pick(/^Demo(?! \()/);
  await chat.say('Hello');
  await chat.finished();
  const times: number[] = [];
  for (let sending = 0; sending < SENDINGS; sending++) {
    times.push(await sendAndTime(page, `And question ${sending}?`));
    await settled(page);
  }
  times.sort((a, b) => a - b);
  console.log(`the demo: Enter to first words, all of it: p50 ${ms(at(times, 0.5))} ms, longest ${ms(at(times, 1))} ms`);
});
