/** The Chromium that tests drive: `CHROMIUM_PATH` if it is set, else the first one on the path. */
export function findChromium(): string | undefined;

/** What it is started with. */
export declare const chromiumFlags: string[];
