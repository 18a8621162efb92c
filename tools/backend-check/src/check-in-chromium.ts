import { fileURLToPath } from 'node:url';
import { type NamedDescription, useBackend } from '@ganloom/backends';
import { findChromium } from '@ganloom/config/chromium';
import { testsOfFewCases } from '@ganloom/kernels/testing';
import { inChromium } from '@ganloom/test-tools/in-chromium';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Findings } from './checks';
import { knownFaults } from './known-faults';
import { weightsDiffer } from './same-weights';
import { trainedWeights, trainingNames, type Weights } from './trainings';

const CASES = 4;

/** What a page is asked besides, and tests of the answers. */
interface Questions<T> {
  ask(page: Page): Promise<T>;
  tests(answers: () => T): void;
}

/** Tests that a backend of browsers computes and trains as it must once `useBackend` has started it. */
export function checkInChromium<T>(
  backend: 'webgl' | 'webgpu',
  script: string,
  more?: Questions<T>,
): void {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    console.warn('Skipped: no Chromium found; install one, or set CHROMIUM_PATH');
  }

  describe.skipIf(executablePath === undefined)(`${backend} started by us, in Chromium`, () => {
    let kernels: Findings;
    let answers: T | undefined;
    let described: readonly NamedDescription[];
    const states: string[] = [];
    const said: string[] = [];
    const trained: Record<string, Weights> = {};
    const expected: Record<string, Weights> = {};

    beforeAll(async () => {
      const path = fileURLToPath(new URL(script, import.meta.url));
      await inChromium(executablePath!, path, async (page) => {
        page.on('console', (message) => said.push(message.text()));
        states.push(await page.evaluate(() => window.engineState()));
        described = await page.evaluate(() => window.describe());
        states.push(await page.evaluate(() => window.engineState()));
        states.push(...said);
        await page.evaluate((name) => window.start(name), backend);
        for (const name of trainingNames) {
          trained[name] = await page.evaluate((one) => window.training(one), name);
        }
        answers = await more?.ask(page);
        const args = [backend, CASES] as const;
        kernels = await page.evaluate(([name, cases]) => window.kernels(name, cases), args);
      });
      await useBackend('wasm');
      for (const name of trainingNames) expected[name] = await trainedWeights(name);
    }, 300_000);

    it('is described before, without a trace', () => {
      const [before, ...after] = states;
      expect(after).toEqual([before]);
      const { device, ...description } = described.find(({ name }) => name === backend)!;
      expect(device).toMatch(/swiftshader/i);
      expect(description).toMatchObject({
        isAvailable: true,
        trains: true,
        note: expect.stringMatching(/^a program on the CPU plays the GPU/) as string,
      });
      expect(described.find(({ name }) => name === 'node')).toEqual({
        name: 'node',
        isAvailable: false,
        missing: '@tensorflow/tfjs-node works in Node only',
        remedy: 'choose wasm or webgpu here',
        trains: false,
      });
      expect(described.find(({ name }) => name === 'wasm')).toMatchObject({
        isAvailable: true,
        simd: { bits: 128, relaxed: true },
        threads: 1,
        note: expect.stringMatching(
          /^one thread, as the page is not cross-origin isolated/,
        ) as string,
      });
    });

    it.each(trainingNames)('trains %s to the weights of wasm', (name) => {
      expect(weightsDiffer(trained[name]!, expected[name]!)).toBeUndefined();
    });

    more?.tests(() => answers!);

    const known = knownFaults[backend]!;
    it.each(testsOfFewCases(CASES).map(({ name }) => name))('computes: %s', (name) => {
      const fault = kernels[name];
      const details = fault ?? 'it is right now: take it off the list';
      expect(fault !== undefined, details).toBe(known[name] !== undefined);
    });
  });
}
