// Whether a page lies still: nothing that is drawn moves by itself.
import { expect, type BrowserContext, type Page } from '@playwright/test';

/** One thing that moved, in the words of a failure. */
interface Shift {
  /** Milliseconds after the navigation began. */
  at: number;
  /** How much of the window moved how far, as the browser counts it. */
  value: number;
  /** What moved, from where to where. */
  moved: string[];
}

/** Without any change for so long, a page has come to rest. */
const QUIET_MS = 150;

/**
 * Notes in every page of the context what moves. It is told apart whether that was before the page came to life, when
 * its pieces were still arriving; so life waits until everything before it is drawn.
 */
export async function watchShifts(context: BrowserContext) {
  await context.addInitScript(() => {
    let alive: number | undefined;
    const instantiate = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...args) => {
      const made = await instantiate(...args);
      if (alive === undefined) {
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        alive = performance.now();
      }
      return made;
    };
    const name = (node: Node | null) => {
      if (node === null) return 'something that is gone';
      const element = node instanceof Element ? node : node.parentElement;
      if (element === null) return node.nodeName;
      const steps: string[] = [];
      for (let step: Element | null = element; step && steps.length < 3; step = step.parentElement) {
        const classes = (step.getAttribute('class') ?? '').split(/\s+/).filter(Boolean);
        steps.unshift([step.localName, ...classes].join('.'));
      }
      return `${steps.join(' > ')} "${(node.textContent ?? '').trim().slice(0, 30)}"`;
    };
    const place = ({ x, y, width, height }: DOMRectReadOnly) => `${x},${y} ${width}x${height}`;
    const shifts: Shift[] = [];
    const keep = (entries: PerformanceEntryList) => {
      for (const entry of entries as any[]) {
        const sources = entry.sources as { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
        const moved = sources.map(
          ({ node, previousRect, currentRect }) => `${name(node)} from ${place(previousRect)} to ${place(currentRect)}`,
        );
        shifts.push({ at: entry.startTime, value: entry.value, moved });
      }
    };
    const observer = new PerformanceObserver((list) => keep(list.getEntries()));
    observer.observe({ type: 'layout-shift', buffered: true });
    (window as any).shiftsSinceAlive = () => {
      keep(observer.takeRecords());
      // Pages without WebAssembly, which carry no module script, are alive as they come.
      const since = document.querySelector('script[type="module"]') ? alive : 0;
      if (since === undefined) throw new Error('the page has not come to life');
      return shifts.filter(({ at }) => at >= since);
    };
  });
}

/**
 * Waits until the page has come to rest, then fails the test with everything that has moved since just before it came
 * to life; for {@link watchShifts}. There is no tolerance but the browser's own, which does not count what moves by less
 * than three pixels.
 */
export async function expectStillness(page: Page) {
  await page.evaluate(
    (quiet) =>
      new Promise<void>((done) => {
        let timer = 0;
        const observer = new MutationObserver(() => wait());
        const wait = () => {
          clearTimeout(timer);
          timer = window.setTimeout(() => {
            observer.disconnect();
            // What changed last is drawn, and what moved by it is told, before the second picture from here.
            requestAnimationFrame(() => requestAnimationFrame(() => done()));
          }, quiet);
        };
        observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
        wait();
      }),
    QUIET_MS,
  );
  const shifts: Shift[] = await page.evaluate(() => (window as any).shiftsSinceAlive());
  const lines = shifts.map(({ at, value, moved }) => `${Math.round(at)} ms, ${value.toFixed(4)}: ${moved.join('; ')}`);
  // Soft, so that one run names all pages.
  expect.soft(lines, `what moved by itself on ${page.url()}`).toEqual([]);
}
