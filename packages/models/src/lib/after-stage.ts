import { UsageError } from '@ganloom/core';
import type * as tf from '@tensorflow/tfjs';
import { same } from './functional';

/** A place in a body behind which layers of one's own may stand. */
export interface BodyStage {
  readonly player: 'generator' | 'discriminator';
  /** 1 for the first map: the generator's smallest, the discriminator's largest. */
  readonly stage: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** What the discriminator's changes make of a layer with a kernel; leaves the generator's as they are. */
  readonly constrain: (layer: tf.layers.Layer) => tf.layers.Layer;
}

/**
 * Puts layers of one's own behind a stage of a body: `x` `[batch, height, width, channels]` is its map, and what
 * is returned goes on in its place. Called once for each stage of each network that is made.
 *
 * Give layers names by `player` and `stage`, so that weights are found again when a run is resumed.
 */
export type AfterStage = (x: tf.SymbolicTensor, stage: BodyStage) => tf.SymbolicTensor;

/** What the layers behind a stage count on. */
interface Expected extends Pick<BodyStage, 'player' | 'constrain'> {
  /** Whether maps may go on with another number of channels. */
  readonly anyChannels: boolean;
}

/**
 * The hook of one network's body, a map and its stage to the map that goes on; it leaves maps alone where there is
 * none.
 *
 * @throws UsageError if what the hook returns is no map of the shape that the next layers count on.
 */
export function afterStageOf(
  where: string,
  afterStage: AfterStage | undefined,
  { anyChannels, ...at }: Expected,
): (x: tf.SymbolicTensor, stage: number) => tf.SymbolicTensor {
  if (!afterStage) return same;
  return (x, stage) => {
    const [, height, width, channels] = x.shape as [null, number, number, number];
    const result = afterStage(x, { ...at, stage, height, width, channels });
    const shape = (result as tf.SymbolicTensor | undefined)?.shape;
    const fits = shape?.length === 4 && shape[1] === height && shape[2] === width;
    if (fits && (anyChannels || shape[3] === channels)) return result;
    const received = shape ? `[${shape.map((side) => side ?? 'any').join(',')}]` : typeof result;
    throw new UsageError(
      `${where}: afterStage must return a map [any,${height},${width},${anyChannels ? 'any' : channels}] ` +
        `behind stage ${stage} of the ${at.player}, got ${received}; keep its size, and return x where ` +
        'nothing is to be done',
    );
  };
}
