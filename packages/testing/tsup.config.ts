import { libraryConfig } from '@ganloom/config/tsup';
import { defineConfig } from 'tsup';

const matchers = '@ganloom/test-tools';
const paths = { [matchers]: ['../../tools/test-tools/src/index.ts'] };

/** The matchers of this repository ship inside, with their types. */
export default defineConfig({
  ...libraryConfig,
  noExternal: [matchers],
  dts: { compilerOptions: { ...libraryConfig.dts.compilerOptions, paths } },
});
