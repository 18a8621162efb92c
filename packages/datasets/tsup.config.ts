import { libraryConfig } from '@ganloom/config/tsup';

// `node` reads files; `index` has to load in browsers.
export default { ...libraryConfig, entry: ['src/index.ts', 'src/node.ts'] };
