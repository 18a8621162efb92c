import {
  ganloomError,
  memberOf,
  type Origin,
  requireNumbers,
  type Schedule,
  sumOf,
  type Term,
} from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** Settings of {@link modeSeeking}. */
export interface ModeSeekingOptions {
  /** λ; a schedule is asked with the generator's updates made before. Default 1, as in the paper. */
  readonly weight?: number | Schedule;
  /** The pictures among a fake sample's members, if it is a record. Default `images`. */
  readonly member?: string;
  /**
   * What of a fake's origin is to make a difference; the rest is its condition. Default: `latents` and all
   * others whose names begin so.
   */
  readonly latents?: readonly string[];
}

/**
 * Mode seeking: samples of different latents under one condition are to differ, as far as the latents do,
 * so that G does not map many latents to one picture.
 *
 * λ / (E d(G(z₁, c), G(z₂, c)) / E d(z₁, z₂) + 10⁻⁵), d the mean absolute difference over all values
 *
 * Mao et al. 2019 (arXiv 1903.05628), who maximize the quotient; its inverse is what their code minimizes.
 * z₁ are the latents of the batch's fakes, z₂ those of the example after, under the condition of the first:
 * its labels or codes. It costs another pass through G.
 *
 * @throws UsageError if the weight is negative; `value` a GanloomError if the game does not say what its fakes
 *   are made from, or the batch has one example.
 */
export function modeSeeking({
  weight = 1,
  member = 'images',
  latents: named,
}: ModeSeekingOptions = {}): Term {
  requireNumbers('modeSeeking', { weight }, { min: 0 });
  return {
    name: 'mode-seeking',
    player: 'generator',
    weight,
    value({ fake, origin, generate, random }) {
      const latents = named ?? latentsOf(origin);
      const missing = latents.find((name) => origin[name] === undefined);
      if (missing !== undefined) {
        const expected = `the game must say from which "${missing}" its fakes are made`;
        const remedy = 'let it have an `origin`, or name others of its members';
        throw ganloomError('modeSeeking', expected, Object.keys(origin), remedy);
      }
      return tf.tidy(() => {
        const given = latents.map((name) => origin[name]!);
        const others = given.map(following);
        const changed = Object.fromEntries(latents.map((name, i) => [name, others[i]!]));
        const again = generate({ ...origin, ...changed }, random.fork('others'));
        const [made, madeAgain] = [fake, again].map((x) => memberOf('modeSeeking', x, member));
        const ofSamples = distance([made!], [madeAgain!]);
        const quotient = tf.div(ofSamples, distance(given, others));
        return tf.reciprocal(tf.add(quotient, EPSILON)) as tf.Scalar;
      });
    },
  };
}

/** The latents of all inputs of a generator; `latents`, which is then missing, of an origin without any. */
function latentsOf(origin: Origin): readonly string[] {
  const names = Object.keys(origin).filter((name) => name.startsWith('latents'));
  return names.length > 0 ? names : ['latents'];
}

/** That of the authors' code. */
const EPSILON = 1e-5;

/** Each example's successor in the batch; the last one's is the first. */
function following(x: tf.Tensor): tf.Tensor {
  const count = x.shape[0]!;
  if (count < 2)
    throw ganloomError(
      'modeSeeking',
      'a batch needs two examples',
      count,
      'train with larger ones',
    );
  return tf.concat([tf.slice(x, 1), tf.slice(x, 0, 1)]);
}

/** The mean absolute difference over all values of all pairs of tensors. */
function distance(some: readonly tf.Tensor[], others: readonly tf.Tensor[]): tf.Tensor {
  const sums = some.map((x, i) => tf.sum(tf.abs(tf.sub(x, others[i]!))));
  return tf.div(
    sumOf(sums),
    some.reduce((size, x) => size + x.size, 0),
  );
}
