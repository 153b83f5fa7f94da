// What every journey starts from: a running server, pages that fail on any browser error, and axe.
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type BrowserContext, type ConsoleMessage, type Page } from '@playwright/test';
import { Fakes, Server } from './processes';

export { expect, Fakes, Server };

/** Rules a page must keep: WCAG 2.2 AA and what axe counts as good practice. */
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Collects what went wrong in the browser during one test. */
export class BrowserErrors {
  private readonly problems: string[] = [];
  private readonly statuses: { status: number; url: RegExp; seen: boolean }[] = [];
  private connectionMayBreak = false;

  /** The test provokes this answer; the browser's line about it is no fault. One that never comes fails the test. */
  expectStatus(status: number, url: RegExp = /./) {
    if (status < 400 || status > 499) throw new Error(`${status} is no answer to expect: only 4xx are`);
    this.statuses.push({ status, url, seen: false });
  }

  /** The test kills the server, so requests may find nobody from now on. */
  expectConnectionLoss() {
    this.connectionMayBreak = true;
  }

  watch(context: BrowserContext) {
    context.on('console', (message) => this.heard(message));
    context.on('weberror', (error) => this.problems.push(`page error: ${error.error().stack ?? error.error().message}`));
    const crashed = (page: Page) => page.on('crash', () => this.problems.push(`page crashed: ${page.url()}`));
    context.pages().forEach(crashed);
    context.on('page', crashed);
  }

  check() {
    const missing = this.statuses
      .filter((expected) => !expected.seen)
      .map((expected) => `expected an answer ${expected.status} for ${expected.url}, none came`);
    const all = [...this.problems, ...missing];
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
    if (this.connectionMayBreak && /net::ERR_[A-Z_]+/.test(text)) return;
    this.problems.push(`console: ${text} (${url})`);
  }
}

/**
 * Waits until the page's handlers are attached; a click before that is lost. Pages without WebAssembly, which carry
 * no module script, are ready as they come.
 */
export async function hydrated(page: Page) {
  if ((await page.locator('script[type="module"]').count()) === 0) return;
  await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
}

/** Every navigation by address waits for hydration, so that no journey forgets it. */
function waitOnArrival(page: Page) {
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
  const { violations } = await new AxeBuilder({ page }).withTags(AXE_TAGS).analyze();
  const lines = violations.map(
    (violation) =>
      `${violation.id} (${violation.impact}): ${violation.help}\n  ` +
      violation.nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`).join('\n  '),
  );
  expect(lines.join('\n'), `axe on ${page.url()}`).toBe('');
}

interface TestFixtures {
  /** Errors the test expects; everything else in the browser fails it. */
  browserErrors: BrowserErrors;
  /** Another server on an empty data folder, for journeys that set up a house or kill the process. */
  freshServer: (env?: Record<string, string>) => Promise<Server>;
  /** A page in a browser profile of its own: another device, or another person. */
  otherDevice: () => Promise<Page>;
  /** Runs by itself: a panic or an unforeseen end of the server fails the test during which it happened. */
  serverHealth: void;
}

interface WorkerFixtures {
  /** The server all tests of this worker share; after a failed test the next one gets a new worker and server. */
  server: Server;
  fakes: Fakes;
}

function panicsIn(lines: readonly string[]): string[] {
  return lines.filter((line) => line.includes('panicked at'));
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 90_000 },
  ],

  fakes: [
    async ({}, use) => {
      const fakes = await Fakes.start();
      await use(fakes);
      await fakes.stop();
    },
    { scope: 'worker', timeout: 90_000 },
  ],

  baseURL: async ({ server }, use) => {
    await use(server.url);
  },

  freshServer: async ({}, use) => {
    const started: Server[] = [];
    await use(async (env) => {
      const server = await Server.start(env);
      started.push(server);
      return server;
    });
    for (const server of started) await server.stop();
    expect(started.flatMap((server) => panicsIn(server.lines))).toEqual([]);
  },

  browserErrors: async ({}, use) => {
    const errors = new BrowserErrors();
    await use(errors);
    errors.check();
  },

  context: async ({ context, browserErrors, javaScriptEnabled }, use) => {
    browserErrors.watch(context);
    if (javaScriptEnabled !== false) context.on('page', waitOnArrival);
    await use(context);
  },

  otherDevice: async ({ browser, baseURL, browserErrors }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ baseURL });
      contexts.push(context);
      browserErrors.watch(context);
      context.on('page', waitOnArrival);
      return await context.newPage();
    });
    for (const context of contexts) await context.close();
  },

  serverHealth: [
    async ({ server }, use, testInfo) => {
      const before = server.lines.length;
      await use();
      const lines = server.lines.slice(before);
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach('server output', { body: lines.join('\n'), contentType: 'text/plain' });
      }
      expect(panicsIn(lines)).toEqual([]);
      expect(server.running, 'the shared server runs').toBe(true);
    },
    { auto: true },
  ],
});
