import { fileURLToPath } from 'node:url';

// Both `src/` and the built `dist/` are one level below the package.
const inPackage = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

export const peersFolder = inPackage('peers');
export const cacheFolder = inPackage('.cache');
export const builtMain = inPackage('dist/main.js');
/** The program of apps/dcgan, which must have been built. */
export const dcganMain = inPackage('../apps/dcgan/dist/main.js');
