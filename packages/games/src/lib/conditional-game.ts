import {
  type Batch,
  type Game,
  ganloomError,
  memberOf,
  type Origin,
  type RandomStream,
  requireCounts,
  requireIntegers,
  type SamplerInput,
  UsageError,
} from '@ganloom/core';
import { forward } from '@ganloom/gradients';
import type { Architecture, HeadedChanges } from '@ganloom/models';
import {
  LABEL,
  degreeOf,
  type DiscriminatorConditioning,
  type GeneratorConditioning,
  type LabeledPictures,
  labelRows,
} from '@ganloom/conditional';
import * as tf from '@tensorflow/tfjs';
import { drawLatents, latentsOf, normalPrior, type Prior } from './prior';

/** Settings of {@link conditionalGame}. */
export interface ConditionalGameOptions {
  readonly architecture: Architecture;
  /** How many classes there are; labels go from 0 to `classes` − 1. */
  readonly classes: number;
  /** What the generator does with a class. */
  readonly generator: GeneratorConditioning;
  /** What the discriminator does with it. */
  readonly discriminator: DiscriminatorConditioning;
  /** Default: the names of the two. */
  readonly name?: string;
  /**
   * How many pictures, each with its class, the discriminator judges together: the degree of `packed`,
   * which the game is to be wrapped in. Default 1. The architecture is that of one picture.
   */
  readonly degree?: number;
  /** What a loss or a cure of mode collapse wants otherwise in the discriminator. */
  readonly changes?: HeadedChanges;
  /** What all inputs of the generator but the class are drawn from; default N(0, I) for each. */
  readonly prior?: (generator: tf.LayersModel) => Prior;
  /** Source of the first weights. */
  readonly random: RandomStream;
}

/**
 * The conditional game of Mirza and Osindero 2014 (arXiv 1411.1784): G maps z ~ N(0, I) and a class y
 * to pictures, and D sees pictures together with their classes.
 *
 * A batch's fakes are asked to show the classes of its real pictures. So y follows the frequencies of
 * the data, the players meet as many of each class, D learns nothing from the classes alone, and
 * losses that compare real and fake in pairs compare within a class.
 *
 * Pictures to look at have a class per row when they are the square of the number of classes; they go
 * by classes whatever batch is given.
 *
 * Labels must be in range: data sets check theirs, `labelColumn` others. The terms of the
 * discriminator's conditioning belong into the variant. First weights are drawn as the architecture says.
 *
 * @throws UsageError if `classes` is no integer of at least 2, `degree` no positive integer, the
 *   discriminator none for packs, or the generator has no input for the class; GanloomError at packs of
 *   another degree.
 */
export function conditionalGame(options: ConditionalGameOptions): Game<LabeledPictures> {
  const { architecture, classes, degree = 1, random, prior = withoutLabel } = options;
  const { name = `${options.generator.name}, ${options.discriminator.name}` } = options;
  requireIntegers('conditionalGame', { classes }, { min: 2 });
  requireCounts('conditionalGame', { degree });
  const generator = architecture.initialize(
    options.generator.network(architecture, classes),
    random.fork('generator'),
  );
  const discriminator = architecture.initialize(
    options.discriminator.network(architecture, classes, degree, options.changes),
    random.fork('discriminator'),
  );
  requireFit(options, generator, discriminator);
  const place = generator.inputNames.indexOf(LABEL);
  const inputs = generator.inputs.map(({ shape }, i): SamplerInput =>
    i === place
      ? { kind: 'class', classes }
      : { kind: 'normal', shape: shape.slice(1) as number[] },
  );
  const chances = prior(generator);
  const originOf = (labels: tf.Tensor1D, stream: RandomStream) => ({
    ...drawLatents(chances, labels.shape[0], stream),
    labels,
  });
  const origin = (batch: Batch, stream: RandomStream) => originOf(labelsOf(batch), stream);
  const draw = (model: tf.LayersModel, from: Origin, stream: RandomStream, training: boolean) => {
    const given = latentsOf('conditionalGame', from);
    given.splice(place, 0, tf.reshape(memberOf('conditionalGame', from, 'labels'), [-1, 1]));
    return forward<tf.Tensor4D>(model, given, { training, random: stream.fork('layers') });
  };
  return {
    name,
    generator: { models: { generator } },
    discriminator: { models: { discriminator } },
    ...(!options.prior && { samplers: { generator: { inputs } } }),
    real: (batch) => ({ images: imagesOf(batch), labels: labelsOf(batch) }),
    origin,
    fake(batch, stream, from = origin(batch, stream)) {
      const images = draw(generator, from, stream, true);
      return { images, labels: memberOf('conditionalGame', from, 'labels') };
    },
    critique(sample, _, stream) {
      const received = degreeOf(sample.labels);
      if (received !== degree) {
        const expected = `the discriminator judges packs of degree (=${degree})`;
        const remedy = 'give conditionalGame the degree that `packed` has';
        throw ganloomError('conditionalGame', expected, received, remedy);
      }
      return options.discriminator.critique(discriminator, sample, stream.fork('layers'));
    },
    show(batch, stream, models) {
      const count = imagesOf(batch).shape[0];
      const labels = tf.tensor1d(labelRows(count, classes), 'int32');
      const pictures = draw(models['generator']!, originOf(labels, stream), stream, false);
      return { pictures, labels };
    },
  };
}

/** @throws UsageError if the generator takes no class, or the discriminator other packs. */
function requireFit(
  { architecture, degree = 1, ...halves }: ConditionalGameOptions,
  generator: tf.LayersModel,
  discriminator: tf.LayersModel,
): void {
  const channels = degree * architecture.shape.at(-1)!;
  const seen = discriminator.inputs[0]!.shape.at(-1);
  if (seen !== channels) {
    throw new UsageError(
      `conditionalGame: to judge packs of degree (=${degree}), the discriminator of ` +
        `"${halves.discriminator.name}" must take ${channels} channels, got ${seen}; ` +
        'make it heed the degree, or pack no pictures',
    );
  }
  if (!generator.inputNames.includes(LABEL)) {
    throw new UsageError(
      `conditionalGame: the generator of "${halves.generator.name}" must have an input "${LABEL}" for ` +
        `classes, got [${generator.inputNames.join(',')}]; name it so`,
    );
  }
}

const withoutLabel = (generator: tf.LayersModel) => normalPrior(generator, [LABEL]);

const imagesOf = (batch: Batch) => memberOf<tf.Tensor4D>('conditionalGame', batch, 'images');

function labelsOf(batch: Batch): tf.Tensor1D {
  const { labels } = batch;
  if (labels === undefined) {
    const remedy = 'use a data set with classes';
    throw ganloomError('conditionalGame', 'batches must have labels', 'none', remedy);
  }
  const count = imagesOf(batch).shape[0];
  if (labels.rank !== 1 || labels.shape[0] !== count) {
    throw ganloomError('conditionalGame', `labels must have shape [${count}]`, labels.shape);
  }
  return labels as tf.Tensor1D;
}
