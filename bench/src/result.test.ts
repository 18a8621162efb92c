import { expect, it } from 'vitest';
import { median, type SettingResult, summarize } from './result';

const setting = (
  side: SettingResult['side'],
  threads: number,
  medianMs: number,
): SettingResult => ({
  side,
  threads,
  medianMs,
  minMs: medianMs,
  steps: 5,
  peakMB: 1,
  idleLoad: 0,
});

it('takes the middle', () => {
  expect(median([9, 1, 2])).toBe(2);
  expect(median([9, 1, 2, 4])).toBe(3);
});

it('compares each side at its better number of threads', () => {
  const result = summarize({ name: 'x', flops: 6e9 }, [
    setting('ours', 1, 300),
    setting('pytorch', 1, 100),
    setting('ours', 2, 150),
    setting('pytorch', 2, 120),
  ]);
  expect(result).toMatchObject({
    oursMs: 150,
    oursThreads: 2,
    pytorchMs: 100,
    pytorchThreads: 1,
    ratio: 1.5,
    // 6e9 operations in 0.15 s and 0.1 s.
    oursGflops: 40,
    pytorchGflops: 60,
  });
});

it('has no ratio without PyTorch', () => {
  const result = summarize({ name: 'x', bytes: 48e6 }, [setting('ours', 1, 10)]);
  expect(result).not.toHaveProperty('ratio');
  expect(result).not.toHaveProperty('pytorchMs');
  expect(result.oursGBps).toBeCloseTo(4.8, 12);
});
