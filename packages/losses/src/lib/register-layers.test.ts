import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { registerLayers } from './register-layers';

const isKnown = (name: string) =>
  tf.serialization.SerializationMap.getMap().classNameMap[name] !== undefined;

it('registers layers when it is asked to, and not when the package is imported', () => {
  const names = ['MinibatchDiscrimination', 'MinibatchStandardDeviation'];
  expect(names.map(isKnown)).toEqual([false, false]);
  registerLayers();
  registerLayers();
  expect(names.map(isKnown)).toEqual([true, true]);
});
