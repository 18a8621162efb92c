import { expect, it } from 'vitest';
import { checkInChromium } from './check-in-chromium';

checkInChromium('webgpu', 'webgpu-page.ts', {
  ask: (page) => page.evaluate(() => window.webgpuAnswers()),
  tests(answers) {
    it('gets as many buffers as the adapter has and a shader can use', () => {
      const { device, adapter } = answers().buffers;
      expect(device).toBe(Math.min(adapter, 16));
    });

    it('adds eight tensors, and computes what came before', () => {
      // Σ 1 … 8, and three times one.
      expect(answers().sum).toEqual({ of: 36, before: 3 });
    });

    it('gives the input gradients of the loop that its product of tiles replaces', () => {
      expect(answers().isNaive).toBe(false);
      expect(answers().inputGradients).toHaveLength(3);
      for (const { naive, tiles } of answers().inputGradients) {
        expect(tiles).toEqual(naive);
        expect(new Set(tiles).size).toBeGreaterThan(10);
      }
    });

    it.each(['read', 'operation', 'training'] as const)('throws at the next %s', (what) => {
      expect(answers().thrown[what]).toMatch(/^webgpu: the device reports an error: .*16777215.*;/);
    });

    it('computes again when it is started again', () => {
      expect(answers().again).toBe(4);
    });

    it('computes on another device when its own is lost', () => {
      expect(answers().afterLoss).toEqual({ number: 6, isAnother: true });
    });
  },
});
