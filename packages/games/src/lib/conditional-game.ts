import {
  memberOf,
  type Batch,
  type Game,
  ganloomError,
  type RandomStream,
  UsageError,
} from '@ganloom/core';
import { forward } from '@ganloom/gradients';
import { type Architecture, initialize } from '@ganloom/models';
import {
  type Conditioning,
  degreeOf,
  labelColumn,
  type LabeledPictures,
  labelRows,
} from '@ganloom/conditional';
import * as tf from '@tensorflow/tfjs';

export interface ConditionalGameOptions {
  readonly conditioning: Conditioning;
  readonly architecture: Architecture;
  /** How many classes there are; labels go from 0 to `classes` − 1. */
  readonly classes: number;
  /**
   * How many pictures, each with its class, the discriminator judges together: the degree of `packed`, of
   * `@ganloom/training`, which the game is to be wrapped in. Default 1. The architecture is that of one
   * picture.
   */
  readonly degree?: number;
  /** Source of the initial weights. */
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
 * Labels must be in range: data sets check theirs, `labelColumn` others. Terms of the conditioning
 * belong into the variant.
 *
 * @throws UsageError if `classes` is no integer of at least 2, `degree` no positive integer, or the
 *   conditioning none for packs; GanloomError at packs of another degree.
 */
export function conditionalGame(options: ConditionalGameOptions): Game<LabeledPictures> {
  const { conditioning, architecture, classes, degree = 1, random } = options;
  if (!Number.isSafeInteger(classes) || classes < 2) {
    throw new UsageError(
      `conditionalGame: classes must be an integer of at least 2, got ${classes}`,
    );
  }
  if (!Number.isSafeInteger(degree) || degree < 1) {
    throw new UsageError(`conditionalGame: degree must be a positive integer, got ${degree}`);
  }
  const make = (player: 'generator' | 'discriminator') =>
    initialize(conditioning[player](architecture, classes, degree), random.fork(player));
  const [generator, discriminator] = [make('generator'), make('discriminator')];
  const channels = degree * architecture.image.channels;
  const seen = discriminator.inputs[0]!.shape.at(-1);
  if (seen !== channels) {
    throw new UsageError(
      `conditionalGame: to judge packs of degree (=${degree}), the discriminator of ` +
        `"${conditioning.name}" must take ${channels} channels, got ${seen}; ` +
        'make it heed the degree, or pack no pictures',
    );
  }
  const latents = (count: number, stream: RandomStream) =>
    stream.normal([count, architecture.latentSize]);
  return {
    name: conditioning.name,
    generator: { models: { generator } },
    discriminator: { models: { discriminator } },
    real: (batch) => ({ images: imagesOf(batch), labels: labelsOf(batch) }),
    fake(batch, stream) {
      const labels = labelsOf(batch);
      const count = labels.shape[0];
      const inputs = [latents(count, stream), tf.reshape(labels, [count, 1])];
      const images = forward<tf.Tensor4D>(generator, inputs, {
        training: true,
        random: stream.fork('layers'),
      });
      return { images, labels };
    },
    critique(sample) {
      const received = degreeOf(sample.labels);
      if (received !== degree) {
        const expected = `the discriminator judges packs of degree (=${degree})`;
        const remedy = 'give conditionalGame the degree that `packed` has';
        throw ganloomError('conditionalGame', expected, received, remedy);
      }
      return conditioning.critique(discriminator, sample);
    },
    show(batch, stream, models) {
      const count = imagesOf(batch).shape[0];
      const inputs = [latents(count, stream), labelColumn(labelRows(count, classes), classes)];
      const pictures = forward<tf.Tensor4D>(models['generator']!, inputs, {
        training: false,
        random: stream.fork('layers'),
      });
      return { pictures };
    },
  };
}

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
