// What the browser's own clocks say of a page: its frames, and when the first words of a reply are there.
import type { Page } from '@playwright/test';

/** What was seen between {@link watchFrames} and {@link framesSince}; all in milliseconds. */
export interface Frames {
  /** Between one picture and the next, ascending. */
  gaps: number[];
  /** Frames that the browser itself calls long, above 50: how long, and the script that took most of it. */
  long: { duration: number; scripts: number; style: number; who: string }[];
}

/** Notes every frame from now on. */
export async function watchFrames(page: Page) {
  await page.evaluate(() => {
    const seen = { gaps: [] as number[], long: [] as object[], on: true };
    (window as any).frames_seen = seen;
    let last = performance.now();
    const tick = (now: number) => {
      seen.gaps.push(now - last);
      last = now;
      if (seen.on) requestAnimationFrame(tick);
    };
    requestAnimationFrame((now) => {
      last = now;
      requestAnimationFrame(tick);
    });
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as any[]) {
        const scripts = [...entry.scripts].sort((a: any, b: any) => b.duration - a.duration);
        const sum = scripts.reduce((sum: number, script: any) => sum + script.duration, 0);
        const style = entry.styleAndLayoutStart ? entry.startTime + entry.duration - entry.styleAndLayoutStart : 0;
        const who = scripts[0] ? `${scripts[0].invoker} (${Math.round(scripts[0].duration)})` : 'no script';
        seen.long.push({ duration: entry.duration, scripts: sum, style, who });
      }
    });
    observer.observe({ type: 'long-animation-frame' });
    (window as any).stop_frames = () => {
      seen.on = false;
      observer.disconnect();
    };
  });
}

/** Ends the watch and tells what it saw. */
export async function framesSince(page: Page): Promise<Frames> {
  // What is measured last is told with the next picture.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100))));
  const seen = await page.evaluate(() => {
    (window as any).stop_frames();
    return (window as any).frames_seen as Frames;
  });
  return { gaps: seen.gaps.toSorted((a, b) => a - b), long: seen.long };
}

/** From pressing Enter until words of a new reply are painted, in milliseconds. */
export async function sendAndTime(page: Page, text: string): Promise<number> {
  const timed = page.evaluate(() => {
    // Kept up to date by the browser: a search through two thousand messages would be measured with the rest.
    const replies = document.getElementsByClassName('from-model');
    const before = replies.length;
    return new Promise<number>((done) => {
      let began = 0;
      addEventListener('keydown', (event) => (began = event.timeStamp), { capture: true, once: true });
      const observer = new MutationObserver(() => {
        if (replies.length <= before) return;
        if (!replies[replies.length - 1].querySelector('.reply')?.textContent?.trim()) return;
        observer.disconnect();
        // A message posted in a frame comes behind its painting.
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => done(performance.now() - began);
          port2.postMessage(null);
        });
      });
      observer.observe(document.querySelector('.chat-scroll')!, { subtree: true, childList: true });
    });
  });
  const composer = page.locator('.composer textarea');
  await composer.fill(text);
  await composer.press('Enter');
  return await timed;
}

/** Waits until the last reply is whole, without searching the page meanwhile. */
export async function settled(page: Page) {
  await page.evaluate(() => {
    (window as any).replies_seen ??= document.getElementsByClassName('from-model');
  });
  await page.waitForFunction(
    () => {
      const replies = (window as any).replies_seen as HTMLCollection;
      const last = replies[replies.length - 1];
      return !last.hasAttribute('aria-busy') && last.querySelector('.message-meta') !== null;
    },
    undefined,
    { polling: 200 },
  );
}
