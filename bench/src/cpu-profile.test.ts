import { expect, it } from 'vitest';
import { timeByPart } from './cpu-profile';

const node = (id: number, functionName: string, children: number[] = []) => ({
  id,
  callFrame: { functionName },
  children,
});

// main → (step → (kernel, average), sink); kernels also run outside of steps.
const nodes = [
  node(1, 'main', [2, 5, 6]),
  node(2, 'step', [3, 4]),
  node(3, 'kernel'),
  node(4, 'average', [7]),
  node(5, 'sink'),
  node(6, 'kernel'),
  node(7, 'kernel'),
];
const parts = { step: 'steps', average: 'averages' };

it('gives a time to the innermost part that its stack is in', () => {
  const profile = { nodes, samples: [3, 7, 5, 6, 2], timeDeltas: [100, 1, 2, 4, 8] };
  expect(Object.fromEntries(timeByPart(profile, parts, ['step']))).toEqual({
    steps: 1,
    averages: 2,
    '': 4 + 8,
  });
});

it('leaves out what is before the first and after the last sample within', () => {
  const profile = { nodes, samples: [5, 5, 3, 2, 6, 5], timeDeltas: [1, 2, 4, 8, 16, 32] };
  expect(Object.fromEntries(timeByPart(profile, parts, ['step']))).toEqual({ steps: 8 });
  expect(timeByPart(profile, parts, ['nowhere']).size).toBe(0);
});
