/** @import { Options } from 'tsup' */
import { refuseInPages } from './refuse-in-pages.js';

// In this repository types come from the sources; those of a package are made when it is packed.
const withTypes = Boolean(process.env.GANLOOM_TYPES);

/**
 * A published package: ES module, CommonJS and types from `src/index.ts`.
 * `shims` gives the CommonJS build a working `import.meta.url`.
 * @type {Options}
 */
export const libraryConfig = {
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  target: 'es2022',
  // tsup's declaration build sets `baseUrl`, which TypeScript 6 calls deprecated.
  dts: withTypes && { compilerOptions: { ignoreDeprecations: '6.0' } },
  // What is built reads like its source, and maps would be most of a tarball.
  sourcemap: false,
  clean: true,
  shims: true,
};

/**
 * A published package with an entry `node`, which needs Node, beside what a page can use.
 * @param {string} name of the package
 * @param {readonly string[]} entries further ones
 * @returns {Options}
 */
export const libraryWithNode = (name, entries = []) => ({
  ...libraryConfig,
  entry: ['src/index.ts', 'src/node.ts', ...entries],
  plugins: [refuseInPages({ 'src/node.ts': name })],
});

/**
 * A private command-line program: one ES module from `src/main.ts`, every dependency left outside.
 * @type {Options}
 */
export const appConfig = {
  entry: ['src/main.ts'],
  format: ['esm'],
  target: 'es2022',
  skipNodeModulesBundle: true,
  sourcemap: true,
  clean: true,
};

/**
 * A published recipe: the program `src/main.ts`, which npm installs as a command, and the value `src/recipe.ts`
 * with its types. ES modules only, which `require` of every Node that we support takes.
 * @type {Options}
 */
export const recipeConfig = {
  ...appConfig,
  entry: ['src/main.ts', 'src/recipe.ts'],
  dts: withTypes && {
    entry: 'src/recipe.ts',
    compilerOptions: { ignoreDeprecations: '6.0' },
  },
  sourcemap: false,
};
