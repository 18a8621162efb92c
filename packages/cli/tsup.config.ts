import { libraryConfig } from '@ganloom/config/tsup';
import { refuseInPages } from '@ganloom/config/refuse-in-pages';

export default {
  ...libraryConfig,
  plugins: [refuseInPages({ 'src/index.ts': '@ganloom/recipes' })],
};
