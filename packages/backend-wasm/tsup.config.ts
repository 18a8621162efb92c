import { libraryConfig } from '@ganloom/config/tsup';

export default {
  ...libraryConfig,
  entry: ['src/index.ts', 'src/probe.ts'],
  // So that the WebAssembly, most of the package, is there once in CommonJS too.
  splitting: true,
};
