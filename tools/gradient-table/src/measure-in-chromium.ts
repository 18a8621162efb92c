import { inChromium } from '@ganloom/testing/in-chromium';
import type { Measurements } from './measure';

/**
 * Measures all cases on the webgpu backend, in a page of Chromium whose GPU is SwiftShader.
 *
 * @param page path of `page.ts`
 */
export function measureInChromium(
  executablePath: string,
  page: string,
  installed: boolean,
): Promise<Measurements> {
  return inChromium(executablePath, page, (opened) =>
    opened.evaluate((state) => window.measureOnWebgpu(state), installed),
  );
}
