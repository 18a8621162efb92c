import { updateInPlace } from '@ganloom/kernels';
import * as tf from '@tensorflow/tfjs';

/**
 * variable ← variable + amount · (target − variable): a step of an exponential moving average. In
 * place where the backend has the kernel `LerpStep`; part of no gradient.
 */
export function moveTowards(variable: tf.Variable, target: tf.Tensor, amount: number): void {
  if (updateInPlace('LerpStep', { target: variable }, { source: target }, { amount })) return;
  tf.tidy(() => variable.assign(variable.add(target.sub(variable).mul(amount))));
}
