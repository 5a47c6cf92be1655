import { defineConfig } from 'vitest/config';

/** Tests on real brokers, workers and databases: Java 17, Maven and MariaDB have to be on the machine. */
export default defineConfig({
  test: {
    include: ['test/real/**/*.real.ts'],
    reporters: ['default', './test/closingLine.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // One after the other: their processes share the machine's cores and memory.
    maxWorkers: 1,
    fileParallelism: false,
  },
});
