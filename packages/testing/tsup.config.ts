import { libraryConfig } from '@ganloom/config/tsup';
import { defineConfig } from 'tsup';

// Helpers of this repository's own tests, which are no package, are part of this one; declarations take
// along what is found by a path.
const compilerOptions = {
  ignoreDeprecations: '6.0',
  paths: { '@ganloom/test-tools': ['../../tools/test-tools/src/index.ts'] },
};

export default defineConfig({
  ...libraryConfig,
  noExternal: ['@ganloom/test-tools'],
  dts: libraryConfig.dts && { compilerOptions },
});
