// Browser journeys and SDK tests against the built server. `make test` builds it first; alone: `make journeys`.
import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

// Playwright's own browsers are never downloaded; Debian's Chromium is what the tests run.
const chromium = [
  process.env.PURSER_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path && existsSync(path));

export default defineConfig({
  testDir: '.',
  testMatch: ['journeys/**/*.spec.ts', 'sdk/**/*.spec.ts'],
  outputDir: 'results',
  // One server and one browser at a time: the machine has two cores. A red test stays red.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['line'], ['./reporter.ts']],
  use: {
    browserName: 'chromium',
    locale: 'en-US',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium,
      // The sandbox refuses root, who runs the tests in containers; the rest keeps Chromium from calling home.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
