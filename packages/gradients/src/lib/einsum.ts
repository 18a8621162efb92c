import * as tf from '@tensorflow/tfjs';

/**
 * dA = einsum('C,B->A', dy, B) for 'A,B->C'. An index that only A has was summed over, so dA is
 * the same all along it.
 */
function operandGradient(
  dy: tf.Tensor,
  indices: string,
  operand: tf.Tensor,
  output: string,
  others: { indices: string; tensor: tf.Tensor }[],
): tf.Tensor {
  const elsewhere = output + others.map((other) => other.indices).join('');
  const present = indices.replaceAll(/./g, (index) => (elsewhere.includes(index) ? index : ''));
  const equation = `${[output, ...others.map((other) => other.indices)].join(',')}->${present}`;
  // TensorFlow.js knows no sum without an index.
  const gradient =
    equation === '->' ? dy : tf.einsum(equation, dy, ...others.map((other) => other.tensor));
  const kept = operand.shape.map((size, d) => (present.includes(indices[d]!) ? size : 1));
  return tf.broadcastTo(tf.reshape(gradient, kept), operand.shape);
}

/** Sums of products by Einstein's notation: `'bqd,bkd->bqk'`. */
export const einsumGradients = (): readonly tf.GradConfig[] => [
  {
    kernelName: 'Einsum',
    saveAllInputs: true,
    gradFunc: (dy, operands, attrs) => {
      const [inputs, output] = (attrs['equation'] as string).replaceAll(/\s/g, '').split('->');
      const indices = inputs!.split(',');
      return Object.fromEntries(
        operands.map((operand, i) => [
          i,
          () =>
            operandGradient(
              dy as tf.Tensor,
              indices[i]!,
              operand,
              output!,
              operands
                .map((tensor, j) => ({ tensor, indices: indices[j]! }))
                .filter((_, j) => j !== i),
            ),
        ]),
      );
    },
  },
];
