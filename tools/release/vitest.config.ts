import { vitestConfig } from '@ganloom/config/vitest';
import { mergeConfig } from 'vitest/config';

// `pnpm check:release` runs these, and `npm test` does not.
export default mergeConfig(vitestConfig, {
  test: {
    include: ['src/**/*.check.ts'],
    globalSetup: 'src/pack-once.ts',
    testTimeout: 600_000,
    hookTimeout: 1_200_000,
  },
});
