// What every page of a journey is watched for: hydration, browser errors, axe, and a page that fits its window.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type BrowserContext, type ConsoleMessage, type Page } from '@playwright/test';

/** Rules a page must keep: WCAG 2.2 AA and what axe counts as good practice. */
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Of AAA the contrast: 7:1, and 4.5:1 for large letters. What misses even AA only the rule of AA tells. */
const CONTRAST = ['color-contrast', 'color-contrast-enhanced'];

/** Collects what went wrong in the browser during one test. */
export class BrowserErrors {
  private readonly problems: string[] = [];
  private readonly statuses: { status: number; url: RegExp; seen: boolean }[] = [];
  private readonly lines: { line: RegExp; seen: boolean }[] = [];
  private connectionMayBreak = false;

  /**
   * The test provokes this answer; the browser's line about it is no fault. One that never comes fails the test.
   * 502 is how a provider's refusal is passed on; any other 5xx is our own failure.
   */
  expectStatus(status: number, url: RegExp = /./) {
    if ((status < 400 || status > 499) && status !== 502) throw new Error(`${status} is no answer to expect`);
    this.statuses.push({ status, url, seen: false });
  }

  /** The test provokes this line on the console. One that never comes fails the test. */
  expectLine(line: RegExp) {
    this.lines.push({ line, seen: false });
  }

  /** The test kills the server, so requests may find nobody from now on. */
  expectConnectionLoss() {
    this.connectionMayBreak = true;
  }

  watch(context: BrowserContext) {
    context.on('console', (message) => this.heard(message));
    context.on('weberror', (error) =>
      this.problems.push(`page error: ${error.error().stack ?? error.error().message}`),
    );
    const crashed = (page: Page) => page.on('crash', () => this.problems.push(`page crashed: ${page.url()}`));
    context.pages().forEach(crashed);
    context.on('page', crashed);
  }

  check() {
    const missing = this.statuses
      .filter((expected) => !expected.seen)
      .map((expected) => `expected an answer ${expected.status} for ${expected.url}, none came`);
    const silent = this.lines.filter((expected) => !expected.seen).map(({ line }) => `expected ${line}, none came`);
    const all = [...this.problems, ...missing, ...silent];
    if (all.length > 0) throw new Error(`The browser complained:\n${all.join('\n')}`);
  }

  private heard(message: ConsoleMessage) {
    if (message.type() !== 'error' && message.type() !== 'assert') return;
    const text = message.text();
    const { url } = message.location();
    const status = /the server responded with a status of (\d{3})/.exec(text)?.[1];
    if (status !== undefined) {
      const known = this.statuses.find((expected) => expected.status === Number(status) && expected.url.test(url));
      if (known) {
        known.seen = true;
        return;
      }
    }
    const foreseen = this.lines.find((expected) => expected.line.test(text));
    if (foreseen) {
      foreseen.seen = true;
      return;
    }
    if (this.connectionMayBreak && /net::ERR_[A-Z_]+/.test(text)) return;
    this.problems.push(`console: ${text} (${url})`);
  }
}

/**
 * Waits until the page's handlers are attached; a click before that is lost. Pages without WebAssembly, which carry
 * no module script, are ready as they come.
 */
export async function hydrated(page: Page) {
  // Until then there may be no script yet in a document that is still arriving.
  await page.waitForLoadState('domcontentloaded');
  if ((await page.locator('script[type="module"]').count()) === 0) return;
  await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
}

/**
 * Waits until everything a page fetches by itself has come: of a house that closes before that the browser complains.
 * The commands are drawn with what comes last.
 */
export async function complete(page: Page) {
  await page.locator('dialog#palette').waitFor({ state: 'attached' });
}

/** Every navigation by address waits for hydration, so that no journey forgets it. */
export function waitOnArrival(page: Page) {
  const goto = page.goto.bind(page);
  page.goto = async (...args) => {
    const answer = await goto(...args);
    await hydrated(page);
    return answer;
  };
  const reload = page.reload.bind(page);
  page.reload = async (...args) => {
    const answer = await reload(...args);
    await hydrated(page);
    return answer;
  };
}

/** Fails with one line per violation: rule, what it asks for, and the elements that break it. */
export async function expectNoAxeViolations(page: Page) {
  const rules = Object.fromEntries(CONTRAST.map((rule) => [rule, { enabled: true }]));
  await expectAxe(page, new AxeBuilder({ page }).options({ runOnly: { type: 'tag', values: AXE_TAGS }, rules }));
}

/** Only what another colour scheme can break, for a page that axe has seen whole in the first one. */
export async function expectReadableColours(page: Page) {
  await expectAxe(page, new AxeBuilder({ page }).withRules([...CONTRAST, 'link-in-text-block']));
}

async function expectAxe(page: Page, axe: AxeBuilder) {
  // The mode for pages without frames: no second page is opened for every look.
  const { violations } = await axe.setLegacyMode().analyze();
  const lines = violations.map(
    (violation) =>
      `${violation.id} (${violation.impact}): ${violation.help}\n  ` +
      violation.nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`).join('\n  '),
  );
  expect(lines.join('\n'), `axe on ${page.url()}`).toBe('');
}

/** Fails with the elements that reach over the window's edge, which would make the page scroll sideways. */
export async function expectNoSidewaysScroll(page: Page) {
  const wide = await page.evaluate(() => {
    const root = document.scrollingElement ?? document.documentElement;
    if (root.scrollWidth <= root.clientWidth && window.innerWidth <= window.outerWidth) return [];
    const over = [...document.body.querySelectorAll('*')].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && (box.right > root.clientWidth + 1 || box.left < -1);
    });
    const named = over.map(
      (element) => `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}">`,
    );
    return [`${root.scrollWidth} px in a window of ${root.clientWidth} px`, ...named.slice(0, 8)];
  });
  expect(wide, `sideways scroll on ${page.url()}`).toEqual([]);
}
