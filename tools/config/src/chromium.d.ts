/** The Chromium that tests drive: `CHROMIUM_PATH` if it is set, else the first one on the path. */
export function findChromium(): string | undefined;

/** A program: the variable's if it is set, else the first one on the path, or of other places. */
export function findProgram(
  variable: string,
  names: readonly string[],
  elsewhere?: readonly string[],
): string | undefined;

/** What it is started with. */
export declare const chromiumFlags: string[];
