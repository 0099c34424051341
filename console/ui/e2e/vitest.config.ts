import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** One order for all machines: Vitest's own depends on how long each file took before. */
class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => a.moduleId.localeCompare(b.moduleId));
  }
}

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
    sequence: { sequencer: ByName },
  },
});
