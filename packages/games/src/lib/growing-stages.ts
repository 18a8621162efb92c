import { type Stage, UsageError, type Variant } from '@ganloom/core';
import type * as tf from '@tensorflow/tfjs';
import { nameOfSize, sizedGame, type SizedGameOptions } from './sized-game';

/** One size of {@link growingStages}. */
export interface GrowingSize extends Omit<SizedGameOptions, 'data' | 'prior' | 'fading'> {
  /** Generator updates at this size. */
  readonly steps: number;
  /** So many of them fade new layers in; default: half where the discriminator takes a share, else 0. */
  readonly fadingSteps?: number;
}

/** Settings of {@link growingStages}. */
export interface GrowingStagesOptions extends Pick<SizedGameOptions, 'data' | 'prior'> {
  /** From the smallest pictures to the largest. */
  readonly sizes: readonly GrowingSize[];
  /** Loss, terms, optimizers and counts, the same at each size. */
  readonly variant: Omit<Variant<tf.Tensor>, 'name' | 'game'>;
}

/**
 * The stages of progressive growing: networks of increasing size play one after the other, each by a
 * `sizedGame`.
 *
 * Karras et al. 2017 (arXiv 1710.10196). What the networks of a size go on from is what they share with
 * the smaller ones: build both of the same layers. New layers lie behind a `fadeLayer`, whose share is
 * another input of the network, of shape `[1, 1]`. A network without the fade, of the same layers again,
 * is what remains when all is grown.
 *
 * Stages, variants and games are called by the size, such as `8x8`. They are plain values: `map` over
 * them to augment their games or to give a size other terms. Dispose what `state` their games have.
 *
 * @throws UsageError if there are no sizes, one is smaller than that before it, or two have one name; and
 *   as `sizedGame`.
 */
export function growingStages(options: GrowingStagesOptions): Stage<tf.Tensor>[] {
  const { sizes, variant, data, prior } = options;
  requireGrowth(sizes);
  requireNames(sizes.map(nameOfSize));
  const common = { ...(data !== undefined && { data }), ...(prior && { prior }) };
  const { discriminatorSteps = 1 } = variant;
  return sizes.map(({ steps, fadingSteps, ...networks }): Stage<tf.Tensor> => {
    const takesShare = networks.discriminator.inputs.length > 1;
    const fading = (fadingSteps ?? (takesShare ? steps / 2 : 0)) * discriminatorSteps;
    const game = sizedGame({ ...networks, ...common, ...(fading > 0 && { fading }) });
    return { name: game.name, steps, variant: { ...variant, name: game.name, game } };
  });
}

function requireGrowth(sizes: readonly GrowingSize[]): void {
  if (sizes.length === 0) throw new UsageError('growingStages: there must be sizes, got none');
  const sides = sizes.map(({ discriminator }) => discriminator.inputs[0]!.shape.slice(1, 3));
  sides.forEach(([height, width], i) => {
    const [h, w] = sides[i - 1] ?? [0, 0];
    if (height! >= h! && width! >= w!) return;
    const expected = `pictures must grow from size to size, at least ${h}×${w} after ${h}×${w}`;
    throw new UsageError(`growingStages: ${expected}, got ${height}×${width}`);
  });
}

function requireNames(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return;
  throw new UsageError(
    `growingStages: each size needs a name of its own, got "${twice}" twice; give \`name\``,
  );
}
