import { defineConfig } from 'tsup';

/** The program of `pnpm test:backends`; not published. */
export default defineConfig({
  entry: ['src/main.ts'],
  outDir: 'node_modules/.cache/backend-check',
  format: ['esm'],
  target: 'es2022',
  external: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-webgpu', 'playwright-core', 'tsup'],
  silent: true,
  esbuildOptions(options) {
    options.conditions = ['@ganloom/source'];
  },
});
