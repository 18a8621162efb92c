import { chromiumFlags, findChromium, findProgram } from '@ganloom/config/chromium';
import { type Browser, chromium, firefox } from 'playwright-core';
import { launchWebKit } from './launch-webkit';

export type BrowserKind = 'Chromium' | 'Firefox' | 'WebKit';

/** A page that a test drives. */
export interface BrowserPage {
  goto(address: string): Promise<unknown>;
  /** Runs a function in the page; it is sent as text, its argument and its result as JSON. */
  evaluate<Argument, Result>(
    run: (argument: Argument) => Result | Promise<Result>,
    argument: Argument,
  ): Promise<Result>;
  close(): Promise<void>;
}

export interface DrivenBrowser {
  newPage(): Promise<BrowserPage>;
  close(): Promise<void>;
}

export interface LaunchOptions {
  /** Environment variables, besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Preferences of Firefox, by their names in about:config. */
  readonly preferences?: Readonly<Record<string, string | number | boolean>>;
}

/** The program that starts a browser: the variable's if it is set, else the first one on the path. */
export function findBrowser(kind: BrowserKind): string | undefined {
  if (kind === 'Chromium') return findChromium();
  if (kind === 'Firefox') return findProgram('FIREFOX_PATH', ['firefox-esr', 'firefox']);
  const driver = findProgram('WEBKIT_DRIVER_PATH', ['WebKitWebDriver']);
  // Without a screen, WebKitGTK needs a virtual one.
  const hasScreen = process.env['DISPLAY'] !== undefined || findXvfb() !== undefined;
  return hasScreen ? driver : undefined;
}

/** What to do about a browser that is not there. */
export const howToInstall: Readonly<Record<BrowserKind, string>> = {
  Chromium: 'install Chromium, or set CHROMIUM_PATH',
  Firefox: 'install Firefox, or set FIREFOX_PATH',
  WebKit: "install WebKitGTK's WebKitWebDriver (Debian: webkit2gtk-driver) and Xvfb (xvfb)",
};

/** Starts a browser that {@link findBrowser} finds. */
export async function launchBrowser(
  kind: BrowserKind,
  { env = {}, preferences = {} }: LaunchOptions = {},
): Promise<DrivenBrowser> {
  const executablePath = findBrowser(kind);
  if (executablePath === undefined) throw new Error(`launchBrowser: ${howToInstall[kind]}`);
  const environment = { ...(process.env as Record<string, string>), ...env };
  switch (kind) {
    case 'Chromium':
      return driven(
        await chromium.launch({
          executablePath,
          args: [...chromiumFlags, '--disable-gpu'],
          env: environment,
        }),
      );
    case 'Firefox':
      return driven(
        await firefox.launch({
          executablePath,
          // An unpatched Firefox, through WebDriver BiDi.
          channel: 'moz-firefox',
          env: environment,
          firefoxUserPrefs: { ...preferences },
        }),
      );
    case 'WebKit':
      return launchWebKit(executablePath, findXvfb(), environment);
  }
}

function driven(browser: Browser): DrivenBrowser {
  return {
    async newPage() {
      const page = await browser.newPage();
      return page as unknown as BrowserPage;
    },
    close: () => browser.close(),
  };
}

const findXvfb = () => findProgram('XVFB_PATH', ['Xvfb']);
