import { fileURLToPath } from 'node:url';

// Both `src/` and the built `dist/` are one level below the package.
const inPackage = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

export const peersFolder = inPackage('peers');
export const cacheFolder = inPackage('.cache');
export const builtMain = inPackage('dist/main.js');
