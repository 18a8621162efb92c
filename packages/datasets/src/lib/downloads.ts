import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** Where the operating system wants programs to keep what they can make or fetch again. */
export function defaultCache(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  return join(XDG_CACHE_HOME || LOCALAPPDATA || join(homedir(), '.cache'), 'ganloom');
}

/** For loaders of data sets: keep what is fetched in the user's cache, and say what is. */
export function downloads(): { cache: string; onFetch: (url: string) => void } {
  return { cache: defaultCache(), onFetch: (url) => console.error(`fetching ${url}`) };
}
