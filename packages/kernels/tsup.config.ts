import { libraryConfig } from '@ganloom/config/tsup';

export default { ...libraryConfig, entry: ['src/index.ts', 'src/testing.ts'] };
