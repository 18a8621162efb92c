import { inChromium } from '@ganloom/test-tools/in-chromium';
import type { Measurements } from './measure';

/** The backends that are measured there, which need a GPU; it is SwiftShader. */
export const backendsInChromium = ['webgl', 'webgpu'] as const;

/**
 * Measures all cases in a page of Chromium.
 *
 * @param page path of `page.ts`
 */
export function measureInChromium(
  executablePath: string,
  page: string,
  backend: (typeof backendsInChromium)[number],
  installed: boolean,
): Promise<Measurements> {
  return inChromium(executablePath, page, (opened) =>
    opened.evaluate(([name, state]) => window.measureOn(name, state), [
      backend,
      installed,
    ] as const),
  );
}
