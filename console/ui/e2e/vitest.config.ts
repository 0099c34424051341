import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The browser tests: `npm run e2e`, with MARGAY_URL against a running console, else against the mock. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['e2e/**/*.e2e.ts'],
    // One line as soon as a test is done: a hanging one is found at once.
    reporters: ['verbose'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One browser on two cores: one file after the other.
    fileParallelism: false,
  },
});
