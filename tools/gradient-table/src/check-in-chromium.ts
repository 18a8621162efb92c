import { fileURLToPath } from 'node:url';
import { findChromium } from '@ganloom/config/chromium';
import { beforeAll, describe, expect, it } from 'vitest';
import { gradientFamilies } from './gradient-cases';
import type { Measurements } from './measure';
import { type backendsInChromium, measureInChromium } from './measure-in-chromium';
import { isRight } from './table';

/** Of each case the first trial, or in the release check the others, which take minutes. */
const [FROM, TO] = process.env['GANLOOM_TRIALS'] === 'others' ? [1, undefined] : [0, 1];

/** Tests that all repaired gradients are right on a backend of browsers. A file for each, as they are slow. */
export function checkInChromium(backend: (typeof backendsInChromium)[number]): void {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    console.warn('Skipped: no Chromium found; install one, or set CHROMIUM_PATH');
  }
  const repaired = gradientFamilies
    .flatMap(({ cases }) => cases)
    .filter(
      ({ unrepaired, unreliable = {} }) => unrepaired === undefined && !(backend in unreliable),
    )
    .flatMap(({ name, trials }) =>
      trials.slice(FROM, TO).map(({ shapes }, i) => ({
        name,
        number: FROM + i,
        at: shapes.map((shape) => `[${shape}]`).join(' '),
      })),
    );

  describe.skipIf(executablePath === undefined)(`on ${backend}, in Chromium`, () => {
    let measured: Measurements;
    beforeAll(async () => {
      const page = fileURLToPath(new URL('page.ts', import.meta.url));
      measured = await measureInChromium(executablePath!, page, backend, true, FROM, TO);
    }, 600_000);

    it.each(repaired)('$name, $number, at $at', ({ name, number }) => {
      const { first, second } = measured[name]![number]!;
      // Not a bare boolean, so that a failure shows the error or the message.
      expect([first, isRight(first)]).toEqual([first, true]);
      expect([second, isRight(second)]).toEqual([second, true]);
    });
  });
}
