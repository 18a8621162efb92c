import * as tf from '@tensorflow/tfjs';
import { runKernel } from '../../run-kernel';
import type { ConformanceTest } from '../conformance-case';
import { Cases } from '../seeded-cases';

const epsilon = 1e-5;

/** Over all axes but the last. */
function composed(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, d) => d).slice(0, -1);
  const mean = tf.mean(x, axes, true);
  const variance = tf.mean(tf.square(tf.sub(x, mean)), axes, true);
  const normalized = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(normalized, gamma), beta);
}

export const normalizationTests: readonly ConformanceTest[] = [
  {
    name: 'batch normalization, stock inference form',
    *cases() {
      const cases = new Cases(67);
      for (const channels of [1, 3, 8, 70]) {
        const per = () => cases.tensor([channels]);
        yield {
          inputs: [
            cases.tensor([2, 5, 3, channels]),
            per(),
            cases.tensor([channels], 0.1, 2),
            per(),
            per(),
          ],
          op: (x, mean, variance, offset, scale) =>
            tf.batchNorm(
              x!,
              mean as tf.Tensor1D,
              variance as tf.Tensor1D,
              offset as tf.Tensor1D,
              scale as tf.Tensor1D,
              1e-3,
            ),
        };
      }
    },
  },
  {
    name: 'batch normalization, training form and gradient',
    kernels: ['BatchNormTraining', 'BatchNormTrainingGrad'],
    *cases() {
      const cases = new Cases(71);
      for (const shape of [
        [6, 5],
        [2, 4, 3, 8],
        [1, 3, 3, 3],
        [1300, 7],
        [64, 130],
      ]) {
        const channels = shape[shape.length - 1]!;
        yield {
          inputs: [
            cases.tensor(shape),
            cases.tensor([channels]),
            cases.tensor([channels]),
            cases.tensor(shape),
          ],
          op: (x, ofGamma, ofBeta, dy) => {
            const [gamma, beta] = [ofGamma, ofBeta] as [tf.Tensor1D, tf.Tensor1D];
            const forward = { x: x!, gamma, beta };
            const [y, mean, variance] = runKernel('BatchNormTraining', forward, { epsilon });
            const backward = { dy: dy!, x: x!, gamma, mean, variance };
            return [y, ...runKernel('BatchNormTrainingGrad', backward, { epsilon })];
          },
          reference: (x, gamma, beta, dy) => [
            composed(x!, gamma!, beta!),
            ...tf.grads((p, q, r) => tf.sum(tf.mul(composed(p!, q!, r!), dy!)))([
              x!,
              gamma!,
              beta!,
            ]),
          ],
          rtol: 1e-4,
          atol: 1e-4,
        };
      }
    },
  },
];
