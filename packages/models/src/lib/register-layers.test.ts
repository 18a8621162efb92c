import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { registerLayers } from './register-layers';

const isKnown = (name: string) =>
  tf.serialization.SerializationMap.getMap().classNameMap[name] !== undefined;

it('registers layers when it is asked to, those of losses too, and not at import', () => {
  // The spelling of the first stands in saved models.
  const names = [
    ...['SpectralNormalisation', 'ScaledNoise', 'SeededDropout', 'SelfAttention'],
    ...['MinibatchDiscrimination', 'MinibatchStandardDeviation'],
  ];
  expect(names.filter(isKnown)).toEqual([]);
  registerLayers();
  expect(names.filter(isKnown)).toEqual(names);
});
