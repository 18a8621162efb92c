import { RandomStream } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import type { Augmentation } from '../src/lib/augmentation';

/** It takes no tensors of other ranks. */
export function checkRank(augment: Augmentation, where: string): void {
  expect(() => augment(tf.ones([4, 2]), RandomStream.fromSeed(1))).toThrow(
    `${where}: images must have rank 4, got [4,2]`,
  );
}
