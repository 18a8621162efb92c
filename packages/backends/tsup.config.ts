import { libraryConfig } from '@ganloom/config/tsup';

// `main` is the program that `npx @ganloom/backends` runs.
export default { ...libraryConfig, entry: ['src/index.ts', 'src/main.ts'] };
