import * as tf from '@tensorflow/tfjs';
import { afterEach, expect, it, vi } from 'vitest';
import { useBackend } from './use-backend';

afterEach(() => {
  vi.restoreAllMocks();
  tf.removeBackend('ganloom-wasm');
});

it('reports and warns of why there are fewer threads than were asked for', async () => {
  const node = process.getBuiltinModule('node:worker_threads');
  vi.spyOn(node, 'Worker').mockImplementation(function () {
    throw new Error('resource temporarily unavailable');
  });
  const warnings: string[] = [];
  const report = await useBackend('wasm', {
    threads: 2,
    onWarning: (message) => warnings.push(message),
  });
  const threadsNote = 'a worker thread does not start: resource temporarily unavailable';
  expect(report).toMatchObject({ threads: 1, threadsNote });
  expect(warnings).toEqual([
    `the wasm backend has 1 thread(s), fewer than it could: ${threadsNote}`,
  ]);
});

it.each([1, 2])('has nothing to warn of where there are %i as asked for', async (threads) => {
  const warnings: string[] = [];
  const report = await useBackend('wasm', {
    threads,
    onWarning: (message) => warnings.push(message),
  });
  expect(report.threads).toBe(threads);
  expect(report).not.toHaveProperty('threadsNote');
  expect(warnings).toEqual([]);
});
