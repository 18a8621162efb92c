import {
  type Critique,
  ganloomError,
  pack,
  type Sample,
  sumOf,
  type TermContext,
} from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { mapFloats } from './sample-tensors';

/** What of a critique is differentiated: a number of each example, or several that are summed. */
export type Differentiated = (critique: Critique) => tf.Tensor;

const logitsOf: Differentiated = ({ logits }) => logits;

/**
 * ∇ₓ Σ D(x): the gradients of the sum of a sample's logits with respect to its float32 tensors, one
 * for each that the logits depend on, of that tensor's shape.
 *
 * As an example's logits depend on that example alone (unless the discriminator normalizes over the
 * batch), row i is the gradient of example i's logits. Integer members, such as labels, and members
 * that the discriminator ignores have no gradient. Under an outer tape the result can be differentiated
 * again, with respect to the discriminator's weights.
 *
 * For the context's own `real` and `fake` under a tape, the critiques that the loss uses are
 * differentiated, so that they are not made twice; other samples are shown to the discriminator here.
 * The weights count as constants, also where an unrolled step has made them depend on the sample.
 * Several logits of an example, as those of patches, are summed: where they are a point of some space, as with
 * `mmdGan`, that says nothing of how steep the map is, since coordinates cancel out. Differentiate then another
 * function `of` the critique, as `witnessPenalty` does.
 *
 * The caller disposes the gradients.
 *
 * @throws GanloomError if the logits depend on no float32 tensor of the sample.
 */
export function inputGradients<S extends Sample>(
  context: TermContext<S>,
  sample: S,
  of: Differentiated = logitsOf,
): tf.Tensor[] {
  const shared = sharedCritique(context, sample);
  return tf.tidy(() => {
    // Leaves of its own, unless they are those of the context: in an unrolled step, the weights may depend
    // on the sample too.
    const shown = shared ? sample : mapFloats(sample, (tensor) => tf.clone(tensor));
    const see = () => context.critique(shown, context.random.fork('critique'));
    const inputs = tensorsOf(shown).filter(({ dtype }) => dtype === 'float32');
    const gradients = inputs.length > 0 ? differentiate(() => of(shared ?? see()), inputs) : [];
    if (gradients.length === 0) {
      throw ganloomError(
        'inputGradients',
        'the logits must depend on a float32 tensor of the sample',
        inputs.length === 0 ? 'no such tensor' : 'logits that depend on none',
        'make critiques of the context inside the gradient, as the trainer does',
      );
    }
    return gradients;
  });
}

/**
 * E penalty(‖∇ₓ D(x)‖²), the mean over the discriminator's inputs: the examples of a sample, or in a
 * packed game its packs. The squared norms `[inputs]` sum over all values of all tensors of an input.
 */
export function meanOfSquaredNorms<S extends Sample>(
  context: TermContext<S>,
  sample: S,
  penalty: (squaredNorms: tf.Tensor) => tf.Tensor,
  of?: Differentiated,
): tf.Scalar {
  return tf.tidy(() => {
    const squares = inputGradients(context, sample, of).map((gradient) =>
      tf.sum(tf.square(tf.reshape(gradient, [gradient.shape[0]!, -1])), 1),
    );
    const perExample = sumOf(squares);
    const { packDegree } = context;
    const perInput = packDegree > 1 ? tf.sum(pack(perExample, packDegree), 1) : perExample;
    return tf.mean(penalty(perInput)) as tf.Scalar;
  });
}

/**
 * √(s + 10⁻¹²), a norm whose gradient is 0 at s = 0, where that of √s is infinite (and its product with
 * the gradient of s, 0, not a number).
 */
export function safeNorm(squaredNorms: tf.Tensor): tf.Tensor {
  return tf.sqrt(tf.add(squaredNorms, 1e-12));
}

function differentiate(see: () => tf.Tensor, inputs: tf.Tensor[]): tf.Tensor[] {
  const total = () => tf.sum(see());
  // Unlike tf.grads, this does not refuse inputs that the logits do not depend on.
  const { grads } = tf.engine().gradients(total, inputs, undefined, true);
  return (grads as (tf.Tensor | undefined)[]).filter((gradient) => gradient !== undefined);
}

function sharedCritique<S extends Sample>(
  context: TermContext<S>,
  sample: S,
): Critique | undefined {
  // Without a tape, nothing was recorded that could be differentiated now.
  if (!tf.engine().isTapeOn()) return undefined;
  if (sample === context.real) return context.realCritique();
  if (sample === context.fake) return context.fakeCritique();
  return undefined;
}

function tensorsOf(sample: Sample): tf.Tensor[] {
  return sample instanceof tf.Tensor ? [sample] : Object.values(sample);
}
