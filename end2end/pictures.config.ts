// Pictures of every page, to look at and for the README; no test among them. `make pictures`
import { defineConfig } from '@playwright/test';
import base from './playwright.config';

export default defineConfig(base, { testMatch: ['pictures/**/*.spec.ts'] });
