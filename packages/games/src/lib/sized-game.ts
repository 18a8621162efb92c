import {
  type Batch,
  type Game,
  ganloomError,
  memberOf,
  type Origin,
  type RandomStream,
  requireNumbers,
  UsageError,
} from '@ganloom/core';
import { forward } from '@ganloom/gradients';
import * as tf from '@tensorflow/tfjs';
import { drawLatents, latentsOf, normalPrior, type Prior } from './prior';

/** Networks of {@link sizedGame}. */
export interface SizedGameOptions {
  /** Latents to pictures; an input more, the last, is the share of new layers, such as `[1, 1]`. */
  readonly generator: tf.LayersModel;
  /** Pictures to logits; a second input is the share of new layers. */
  readonly discriminator: tf.LayersModel;
  /** Discriminator updates in which the share goes from 0 to 1; for networks that take it. */
  readonly fading?: number;
  /** What the game and both networks are called; default the size, such as `8x8`. */
  readonly name?: string;
  /** Which tensor of a batch is real, pictures of this size or a multiple; default `images`. */
  readonly data?: string;
  /** What latents are drawn from; default N(0, I) for each input but the share. */
  readonly prior?: Prior;
}

/**
 * The game of one size in progressive growing: data are shrunk to what the networks draw, by means over
 * squares of pixels, and new layers get a share of the picture that grows with each update of the
 * discriminator.
 *
 * share = min(updates / fading, 1);  x ← x₋ + share · (x − x₋), x₋ being x shrunk to half and doubled
 *
 * Karras et al. 2017 (arXiv 1710.10196), section 2 and figure 2: real pictures are faded as `fadeLayer`
 * fades those in the networks. Both networks go by the game's name, so that one average can hold those
 * of all sizes. `state.share` is the share, a statistic too; whoever made the game disposes it.
 *
 * @throws UsageError if `fading` is not positive or no network takes a share, or if there is no `fading`
 *   and the discriminator takes one; GanloomError at data whose size is no multiple of its pictures'.
 */
export function sizedGame(options: SizedGameOptions): Game<tf.Tensor> {
  const { generator, discriminator, fading, data = 'images' } = options;
  const [height, width] = discriminator.inputs[0]!.shape.slice(1) as [number, number];
  const name = nameOfSize(options);
  requireFading(name, options);
  const takesShare = ({ inputs }: Inputs) => fading !== undefined && inputs.length > 1;
  const shares = takesShare(generator) ? generator.inputNames.slice(-1) : [];
  const { prior = normalPrior(generator, shares) } = options;
  const share = fading === undefined ? undefined : scalarVariable(0);

  const run = (
    network: tf.LayersModel,
    inputs: tf.Tensor | readonly tf.Tensor[],
    training: boolean,
    random: RandomStream,
  ) => {
    const all = inputs instanceof tf.Tensor ? [inputs] : [...inputs];
    if (takesShare(network)) {
      all.push(tf.reshape(share!, Array<number>(network.inputs.at(-1)!.rank).fill(1)));
    }
    return forward<tf.Tensor4D>(network, all, { training, random: random.fork('layers') });
  };
  const member = (batch: Batch) => memberOf<tf.Tensor4D>('sizedGame', batch, data);
  const origin = (batch: Batch, random: RandomStream) =>
    drawLatents(prior, member(batch).shape[0], random);
  const drawn = (network: tf.LayersModel, from: Origin, training: boolean, random: RandomStream) =>
    run(network, latentsOf('sizedGame', from), training, random);
  return {
    name,
    generator: { models: { [name]: generator } },
    discriminator: { models: { [name]: discriminator } },
    real(batch) {
      const pictures = shrunk(member(batch), height, width);
      return share ? faded(pictures, share) : pictures;
    },
    origin,
    fake: (batch, random, from = origin(batch, random)) => drawn(generator, from, true, random),
    critique: (pictures, _, random) => ({ logits: run(discriminator, pictures, true, random) }),
    show: (batch, random, models) => ({
      pictures: drawn(models[name]!, origin(batch, random), false, random),
    }),
    ...(share && {
      state: { share },
      statistics: { share },
      observe: () => tf.tidy(() => share.assign(tf.minimum(tf.add(share, 1 / fading!), 1))),
    }),
  };
}

/** What a size is called, unless it has a name. */
export function nameOfSize({
  name,
  discriminator,
}: Pick<SizedGameOptions, 'name' | 'discriminator'>): string {
  return name ?? discriminator.inputs[0]!.shape.slice(1, 3).join('x');
}

type Inputs = Pick<tf.LayersModel, 'inputs'>;

function scalarVariable(value: number): tf.Variable<tf.Rank.R0> {
  return tf.tidy(() => tf.variable(tf.scalar(value), false));
}

/** Means over squares of pixels. */
function shrunk(pictures: tf.Tensor4D, height: number, width: number): tf.Tensor4D {
  const [, h, w] = pictures.shape;
  const [down, across] = [h / height, w / width];
  if (!Number.isInteger(down) || !Number.isInteger(across)) {
    const expected = `the size of data must be a multiple of ${height}×${width}`;
    throw ganloomError('sizedGame', expected, [h, w], 'resize the data');
  }
  if (down === 1 && across === 1) return pictures;
  return tf.avgPool(pictures, [down, across], [down, across], 'valid');
}

/** Pictures on their way from half their size. */
function faded(pictures: tf.Tensor4D, share: tf.Scalar): tf.Tensor4D {
  const [, height, width] = pictures.shape;
  return tf.tidy(() => {
    const half = shrunk(pictures, height / 2, width / 2);
    const before = tf.image.resizeNearestNeighbor(half, [height, width]);
    return tf.add(before, tf.mul(share, tf.sub(pictures, before)));
  });
}

function requireFading(name: string, options: SizedGameOptions): void {
  const { generator, discriminator, fading } = options;
  if (fading === undefined) {
    if (discriminator.inputs.length === 1) return;
    const message = 'takes a share of new layers, so it needs `fading`, got none';
    throw new UsageError(`sizedGame: the discriminator of "${name}" ${message}`);
  }
  requireNumbers('sizedGame', { [`fading of "${name}"`]: fading }, { above: 0 });
  if (generator.inputs.length === 1 && discriminator.inputs.length === 1) {
    const message = 'takes a share of new layers, so there is nothing to fade';
    throw new UsageError(
      `sizedGame: no network of "${name}" ${message}, got fading (=${fading}); ` +
        'give it another input, for a fadeLayer, or leave out fading',
    );
  }
  const [height, width] = discriminator.inputs[0]!.shape.slice(1) as [number, number];
  if (height % 2 === 0 && width % 2 === 0) return;
  const message = `pictures that are faded in must have even sides, got ${height}×${width}`;
  throw new UsageError(`sizedGame: ${message} in "${name}"`);
}
