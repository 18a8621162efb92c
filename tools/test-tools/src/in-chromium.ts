import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumFlags } from '@ganloom/config/chromium';
import { chromium, type Page } from 'playwright-core';
import { build } from 'tsup';

/** WebGPU without a GPU. */
export const softwareFlags: readonly string[] = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];

/** WebGL and WebGPU on the machine's GPU, if there is one. */
export const gpuFlags: readonly string[] = [
  '--enable-gpu',
  '--ignore-gpu-blocklist',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
];

/**
 * Bundles a script of this repository and runs it in a page of Chromium that has WebGL and WebGPU;
 * `use` then calls what the script left on `window`.
 *
 * @param executablePath what `findChromium()` found
 * @param script path of a TypeScript module
 * @param flags default: {@link softwareFlags}
 */
export async function inChromium<T>(
  executablePath: string,
  script: string,
  use: (page: Page) => Promise<T>,
  flags: readonly string[] = softwareFlags,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'ganloom-page-'));
  try {
    await build({
      entry: { page: script },
      outDir: folder,
      format: ['iife'],
      platform: 'browser',
      noExternal: [/./],
      config: false,
      dts: false,
      silent: true,
      esbuildOptions: (options) => void (options.conditions = ['@ganloom/source']),
    });
    return await open(executablePath, join(folder, 'page.global.js'), use, flags);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function open<T>(
  executablePath: string,
  bundle: string,
  use: (page: Page) => Promise<T>,
  flags: readonly string[],
): Promise<T> {
  const browser = await chromium.launch({
    executablePath,
    args: [...chromiumFlags, ...flags],
  });
  try {
    const page = await browser.newPage();
    // WebGPU is there in pages of this machine or over HTTPS only.
    await page.route('**/*', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>ganloom</title>' }),
    );
    await page.goto('http://localhost/');
    await page.addScriptTag({ path: bundle });
    return await use(page);
  } finally {
    await browser.close();
  }
}
