import { libraryConfig } from '@ganloom/config/tsup';
import { defineConfig } from 'tsup';

/** The matchers of this repository ship inside. */
const inside = ['@ganloom/test-tools'];

export default defineConfig({
  ...libraryConfig,
  noExternal: inside,
  dts: { ...libraryConfig.dts, resolve: inside },
});
