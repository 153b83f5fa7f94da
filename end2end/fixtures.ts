// What every journey starts from: running servers and fakes, and pages that fail on any browser error.
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import { BrowserErrors, waitOnArrival } from './browser';
import { House } from './house';
import { Fakes, Server } from './processes';

export * from './browser';
export { Chat } from './chat';
export { addressOf, House, PASSWORD, type Kind, type Person, type Role } from './house';
export { PAGES } from './pages';
export { expectStillness, watchShifts } from './stillness';
export { filled, wordsOf } from './words';
export { expect, Fakes, Server };

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
  /** Providers that answer at once. */
  fakes: Fakes;
  /** Providers that take six seconds for an answer, so that one can be caught in the middle of it. */
  slowFakes: Fakes;
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

  slowFakes: [
    async ({}, use) => {
      const fakes = await Fakes.start(['--chunks', '60', '--chunk-delay-ms', '100']);
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
    await holdBackLatePiece(context);
    await use(context);
  },

  otherDevice: async ({ browser, baseURL, browserErrors }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ baseURL });
      contexts.push(context);
      browserErrors.watch(context);
      context.on('page', waitOnArrival);
      await holdBackLatePiece(context);
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

/** The fakes of this worker, for what a house is furnished with. */
export type Providers = Pick<WorkerFixtures, 'fakes' | 'slowFakes'>;

/**
 * One house for all tests of a file, furnished before the first of them. Call it at the top of the file and its answer
 * inside the tests, which keep out of each other's way by people and chats of their own.
 */
export function sharedHouse(
  furnish: (house: House, providers: Providers) => void | Promise<void> = () => {},
): () => House {
  let house: House | undefined;
  let seen = 0;
  const here = () => {
    if (!house) throw new Error('the house opens with the first test');
    return house;
  };
  test.beforeAll(async ({ fakes, slowFakes }) => {
    house = await House.open();
    await furnish(house, { fakes, slowFakes });
  });
  test.afterEach(async ({}, testInfo) => {
    const { server } = here();
    const lines = server.lines.slice(seen);
    seen = server.lines.length;
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('output of the house', { body: lines.join('\n'), contentType: 'text/plain' });
    }
    expect(panicsIn(lines)).toEqual([]);
    expect(server.running, 'the house stands').toBe(true);
  });
  test.afterAll(async () => {
    await house?.close();
  });
  return here;
}

/** What a page fetches once it lives: what only a gesture needs, and the live connection. */
export const LATE_PIECE = /\/pkg\/split_later\./;

/**
 * Holds that piece back, as a slow line does: `PURSER_LATE_MS=1200 make journeys` finds what would rather not wait for
 * it.
 */
async function holdBackLatePiece(context: BrowserContext) {
  const milliseconds = Number(process.env.PURSER_LATE_MS ?? 0);
  if (milliseconds === 0) return;
  await context.route(LATE_PIECE, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    // The page may be gone by then.
    await route.continue().catch(() => {});
  });
}
