import { defineConfig } from 'tsup';

/** The program that writes docs/second-order-gradients.md; not published. */
export default defineConfig({
  entry: ['src/main.ts'],
  outDir: 'node_modules/.cache/gradient-table',
  format: ['esm'],
  target: 'es2022',
  external: ['@tensorflow/tfjs', 'playwright-core', 'tsup'],
  silent: true,
  esbuildOptions(options) {
    options.conditions = ['@ganloom/source'];
  },
});
