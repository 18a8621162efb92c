import { expect, it } from 'vitest';
import { compare, type Contestant } from './compare';
import type { Workload } from './workload';

const workload: Workload = {
  name: 'x',
  about: '',
  stepsPerTurn: 2,
  prepare: () => Promise.reject(new Error('the harness never runs a step itself')),
};

it('lets the contestants take turns, and forgets the first', async () => {
  const log: string[] = [];
  const contestant = (side: Contestant['side'], times: number[]): Contestant => ({
    side,
    threads: 1,
    process: {
      label: side,
      about: { threads: 1, versions: {} },
      run: async (steps) => {
        log.push(`${side} ${steps}`);
        const ms = [times.shift()!, times.shift()!];
        return { ms, idleMs: 100, idleCpuMs: 2, peakMB: 7 };
      },
      stop: async () => undefined,
    },
  });
  const ours = contestant('ours', [500, 500, 10, 20, 40, 30]);
  const theirs = contestant('pytorch', [900, 900, 50, 50, 50, 60]);
  const result = await compare(workload, [ours, theirs], 2);

  expect(log).toEqual(['ours 2', 'pytorch 2', 'ours 2', 'pytorch 2', 'ours 2', 'pytorch 2']);
  expect(result.oursMs).toBe(25);
  expect(result.pytorchMs).toBe(50);
  expect(result.settings[0]).toEqual({
    side: 'ours',
    threads: 1,
    medianMs: 25,
    minMs: 10,
    steps: 4,
    peakMB: 7,
    idleLoad: 0.02,
  });
});
