import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumFlags } from '@ganloom/config/chromium';
import { chromium } from 'playwright-core';
import { build } from 'tsup';
import type { Measurements } from './measure';

/** WebGPU without a GPU. */
const SWIFTSHADER = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];

/**
 * Measures all cases on the webgpu backend, in a page of Chromium whose GPU is SwiftShader.
 *
 * @param page path of `page.ts`
 */
export async function measureInChromium(
  executablePath: string,
  page: string,
  installed: boolean,
): Promise<Measurements> {
  const folder = await mkdtemp(join(tmpdir(), 'ganloom-gradients-'));
  try {
    await build({
      entry: { page },
      outDir: folder,
      format: ['iife'],
      platform: 'browser',
      noExternal: [/./],
      config: false,
      dts: false,
      silent: true,
      esbuildOptions: (options) => void (options.conditions = ['@ganloom/source']),
    });
    return await evaluate(executablePath, join(folder, 'page.global.js'), installed);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function evaluate(
  executablePath: string,
  script: string,
  installed: boolean,
): Promise<Measurements> {
  const browser = await chromium.launch({
    executablePath,
    args: [...chromiumFlags, ...SWIFTSHADER],
  });
  try {
    const page = await browser.newPage();
    // WebGPU is there in pages of this machine or over HTTPS only.
    await page.route('**/*', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>gradients</title>' }),
    );
    await page.goto('http://localhost/');
    await page.addScriptTag({ path: script });
    return await page.evaluate((state) => window.measureOnWebgpu(state), installed);
  } finally {
    await browser.close();
  }
}
