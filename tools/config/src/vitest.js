import { defaultClientConditions, defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

const source = '@ganloom/source';

/** Runs `src/**\/*.test.ts` against the sources of every workspace package, without a build. */
export const vitestConfig = defineConfig({
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
  test: {
    include: ['src/**/*.test.ts'],
    passWithNoTests: true,
    pool: 'forks',
    // turbo already runs one package per core.
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // scripts/run.mjs adds these reports up.
    reporters: ['default', ['json', { outputFile: 'test-report.json' }]],
  },
});
