// Measures the page while it is used, on the release; figures, and no test among them. `make frames`
import { defineConfig } from '@playwright/test';
import base from './playwright.config';

export default defineConfig(base, {
  testMatch: ['figures/**/*.spec.ts'],
  timeout: 900_000,
  reporter: [['list']],
  // Recording what happens costs time of its own.
  use: { trace: 'off', screenshot: 'off' },
});
