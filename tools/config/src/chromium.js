import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ELSEWHERE = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** No sandbox, as containers have no name spaces; no connection to anything but what a test opens. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * The Chromium that tests drive: `CHROMIUM_PATH` if it is set, else the first one on the path.
 * @returns {string | undefined}
 */
export const findChromium = () => findProgram('CHROMIUM_PATH', NAMES, ELSEWHERE);

/**
 * A program: the variable's if it is set, else the first one on the path, or of other places.
 * @param {string} variable
 * @param {readonly string[]} names
 * @param {readonly string[]} elsewhere
 * @returns {string | undefined}
 */
export function findProgram(variable, names, elsewhere = []) {
  const given = process.env[variable];
  if (given) return given;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const places = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return [...places, ...elsewhere].find((file) => existsSync(file));
}
