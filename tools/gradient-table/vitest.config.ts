import { vitestConfig } from '@ganloom/config/vitest';
import { mergeConfig } from 'vitest/config';

// The two files that ask Chromium are the longest of all tests.
export default mergeConfig(vitestConfig, { test: { maxWorkers: 2 } });
