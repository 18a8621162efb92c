import { inChromium } from '@ganloom/test-tools/in-chromium';
import type { Measurements } from './measure';

/** The backends that are measured there, which need a GPU; it is SwiftShader. */
export const backendsInChromium = ['webgl', 'webgpu'] as const;

/**
 * Measures all cases in a page of Chromium.
 *
 * @param page path of `page.ts`
 * @param from the first trial of each case; default 0
 * @param to the trial that is no more; default: all are
 */
export function measureInChromium(
  executablePath: string,
  page: string,
  backend: (typeof backendsInChromium)[number],
  installed: boolean,
  from?: number,
  to?: number,
): Promise<Measurements> {
  return inChromium(executablePath, page, (opened) =>
    opened.evaluate(([name, state, first, last]) => window.measureOn(name, state, first, last), [
      backend,
      installed,
      from,
      to,
    ] as const),
  );
}
