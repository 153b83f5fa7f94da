import { execFileSync } from 'node:child_process';
import { Chat, expect, PASSWORD, sharedHouse, test } from '../fixtures';
const here = sharedHouse(async (house, { fakes }) => {
  await house.connect('openai', fakes, 'gpt-4o-mini');
  await house.connect('gemini', fakes, 'gemini-2.5-flash');
  await house.person('Ben', 'member');
  await house.person('Dora', 'admin');
  await house.person('김서연', 'member', 'seo');
});
test('look', async ({ page, freshServer }) => {
  test.setTimeout(200_000);
  const out = '/tmp/homepics';
  const shot = async (name: string, width: number, height: number, scheme: 'light' | 'dark') => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await expect(page.locator('.skeleton')).toHaveCount(0);
    await page.waitForTimeout(200);
    await page.screenshot({ path: `${out}/${name}.png`, fullPage: true });
  };
  const empty = await freshServer();
  await page.goto(await empty.setupLink());
  await page.locator('input[name=name]').fill('Olga');
  await page.locator('input[name=email]').fill('olga@example.org');
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('form button[type=submit]').click();
  await page.waitForURL(`${empty.url}/home`);
  await shot('empty-light', 1280, 800, 'light');
  await shot('empty-phone', 390, 844, 'light');
  await page.goto(`${empty.url}/usage`);
  await shot('empty-usage', 1280, 800, 'light');
  const house = here();
  execFileSync('python3', ['/tmp/seed.py', `${house.server.dataDir}/purser.db`, ...house.people.map((p) => p.id)]);
  const key = await house.key(house.olga, 'nightly reports', '0.00002');
  await fetch(`${house.url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: JSON.stringify({ model: 'gpt-4o-mini', max_completion_tokens: 5, messages: [{ role: 'user', content: 'Hi' }] }) });
  await house.signIn(page, house.olga);
  const chat = new Chat(page);
  for (const q of ['Plan a week of lunches', 'What is a nano-dollar?', 'Write a function in Rust that adds up what a day of calls cost, and say how it rounds.']) {
    await page.goto(`${house.url}/`);
    await chat.say(q);
    await chat.finished();
  }
  await page.goto(`${house.url}/home`);
  await shot('home-light', 1280, 800, 'light');
  await page.locator('.chart-wide .chart-hit').nth(8).hover();
  await page.screenshot({ path: `${out}/home-hover.png` });
  await shot('home-dark', 1280, 800, 'dark');
  await shot('home-phone', 390, 844, 'light');
  await shot('home-tablet', 820, 1100, 'light');
  await page.goto(`${house.url}/home?of=mine&days=90&lang=ko`);
  await shot('home-ko', 1280, 800, 'light');
  await shot('home-ko-phone-dark', 390, 844, 'dark');
  await page.goto(`${house.url}/home?days=7`);
  await shot('home-7', 1280, 800, 'light');
  await page.goto(`${house.url}/usage`);
  await shot('usage-light', 1280, 800, 'light');
  await shot('usage-phone', 390, 844, 'light');
  await shot('usage-dark', 1280, 800, 'dark');
});
