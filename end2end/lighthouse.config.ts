// Lighthouse on the release: scores with a floor, and reports to read. `make lighthouse`
import { defineConfig } from '@playwright/test';
import base from './playwright.config';

export default defineConfig(base, {
  testMatch: ['lighthouse/**/*.spec.ts'],
  timeout: 600_000,
  reporter: [['list']],
});
