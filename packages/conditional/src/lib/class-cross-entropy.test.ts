import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { classCrossEntropy } from './class-cross-entropy';

const LOGITS = [1, -2, 0.5, 3, 0.1, -0.4];
const LABELS = [2, 0];

/** In float64, as the definition has it. */
function reference(logits: ArrayLike<number>): number {
  const losses = LABELS.map((label, row) => {
    const exps = [0, 1, 2].map((c) => Math.exp(logits[3 * row + c]!));
    return -Math.log(exps[label]! / exps.reduce((sum, e) => sum + e, 0));
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

const of = (logits: tf.Tensor) =>
  classCrossEntropy(logits as tf.Tensor2D, tf.tensor1d(LABELS, 'int32'));

it('has the value and gradient of its definition', () => {
  tf.tidy(() => {
    const logits = tf.tensor2d(LOGITS, [2, 3]);
    expect(of(logits)).toBeAllclose([reference(LOGITS)]);
    expect(tf.grad(of)(logits)).toBeAllclose(finiteDifference(reference, LOGITS));
  });
});

it('neither overflows nor meets log 0', () => {
  tf.tidy(() => {
    const logits = tf.tensor2d([1e4, 0, -1e4, 1e4, 0, -1e4], [2, 3]);
    // Of the first row the least likely class is asked for, of the second the most likely.
    expect(of(logits)).toBeAllclose([2e4 / 2]);
    expect(tf.grad(of)(logits)).toBeAllclose([0.5, 0, -0.5, 0, 0, 0]);
  });
});

it('leaks nothing', () => {
  const logits = tf.tensor2d(LOGITS, [2, 3]);
  const labels = tf.tensor1d(LABELS, 'int32');
  expectNoLeak(() => classCrossEntropy(logits, labels));
  tf.dispose([logits, labels]);
});
