import { type BatchNormTrainingAttrs, hasKernel, runKernel } from '@ganloom/kernels';
import * as tf from '@tensorflow/tfjs';

/** Output of {@link batchNormTraining}. */
export interface BatchNormResult<T extends tf.Tensor> {
  readonly y: T;
  /** Statistics of x per channel, `[channels]`. No gradient flows through them. */
  readonly mean: tf.Tensor1D;
  /** Biased: Σ(x − mean)² / n. */
  readonly variance: tf.Tensor1D;
}

/**
 * Batch normalization by the batch's own statistics: y = γ·(x − mean)/√(variance + ε) + β over all
 * dimensions but the last.
 *
 * Ioffe and Szegedy 2015, arXiv 1502.03167. Uses the kernels `BatchNormTraining` and
 * `BatchNormTrainingGrad` where the backend has them, else composed operations. Right to second
 * order.
 */
export function batchNormTraining<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon: number,
): BatchNormResult<T> {
  if (!hasKernel('BatchNormTraining')) {
    const { normalized, mean, variance } = normalize(x, epsilon);
    return {
      y: tf.add(tf.mul(normalized, gamma), beta) as T,
      mean: tf.reshape(mean, [-1]),
      variance: tf.reshape(variance, [-1]),
    };
  }
  registerGradients();
  const [y, mean, variance] = runKernel('BatchNormTraining', { x, gamma, beta }, { epsilon });
  return { y: y as T, mean, variance };
}

function normalize(x: tf.Tensor, epsilon: number) {
  const axes = x.shape.map((_, d) => d).slice(0, -1);
  const mean = tf.mean(x, axes, true);
  const centered = tf.sub(x, mean);
  const variance = tf.mean(tf.square(centered), axes, true);
  const deviation = tf.sqrt(tf.add(variance, epsilon));
  return { normalized: tf.div(centered, deviation), mean, variance, deviation, axes };
}

/** dβ = Σ dy, dγ = Σ dy·x̂, dx = γ/σ · (dy − dβ/n − x̂·dγ/n), in operations that can be differentiated. */
function composedGradient(dy: tf.Tensor, x: tf.Tensor, gamma: tf.Tensor, epsilon: number) {
  const { normalized, deviation, axes } = normalize(x, epsilon);
  const dbeta = tf.sum(dy, axes);
  const dgamma = tf.sum(tf.mul(dy, normalized), axes);
  const n = x.size / gamma.size;
  const centered = tf.sub(dy, tf.div(tf.add(dbeta, tf.mul(normalized, dgamma)), n));
  const dx = tf.mul(tf.div(gamma, deviation), centered);
  return [dx, dgamma, dbeta] as const;
}

let registered = false;

function registerGradients(): void {
  if (registered) return;
  registered = true;
  tf.registerGradient({
    kernelName: 'BatchNormTraining',
    inputsToSave: ['x', 'gamma'],
    outputsToSave: [false, true, true],
    gradFunc: (dys, saved, attrs) => {
      const [x, gamma, mean, variance] = saved as [
        tf.Tensor,
        tf.Tensor1D,
        tf.Tensor1D,
        tf.Tensor1D,
      ];
      const dy = (dys as tf.Tensor[])[0]!;
      const { epsilon } = attrs as unknown as BatchNormTrainingAttrs;
      // Under an outer tape the gradient itself will be differentiated, which the kernel cannot.
      const isFused = !tf.engine().isTapeOn() && hasKernel('BatchNormTrainingGrad');
      const [dx, dgamma, dbeta] = isFused
        ? runKernel('BatchNormTrainingGrad', { dy, x, gamma, mean, variance }, { epsilon })
        : composedGradient(dy, x, gamma, epsilon);
      return { x: () => dx, gamma: () => dgamma, beta: () => dbeta };
    },
  });
}
