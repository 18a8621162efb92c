import { vitestConfig } from '@ganloom/config/vitest';
import { mergeConfig } from 'vitest/config';

export default mergeConfig(vitestConfig, { test: { include: ['test/**/*.test.ts'] } });
