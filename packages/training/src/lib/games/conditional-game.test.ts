import { RandomStream } from '@ganloom/core';
import {
  type Architecture,
  dcgan,
  discriminatorOf,
  embeddingLayer,
  generatorOf,
  latentInput,
  resnet,
} from '@ganloom/models';
import { conditionalGame } from '@ganloom/games';
import {
  type GeneratorConditioning,
  labelColumn,
  labelRows,
  projection,
} from '@ganloom/conditional';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { disposeGame, LATENT, tinyBatch, tinyGame } from '../../../test/check-conditioning';

it.each([1, 2.5, NaN])('refuses %d classes', (classes) => {
  const image = { height: 8, width: 8, channels: 1 };
  const architecture = dcgan({ image, filters: 4, latentSize: 4 });
  const random = RandomStream.fromSeed(0);
  expect(() => conditionalGame({ ...projection(), architecture, classes, random })).toThrow(
    `conditionalGame: classes must be an integer of at least 2, got ${classes}`,
  );
});

it.each([0, 1.5, NaN])('refuses the degree %d', (degree) => {
  expect(() => tinyGame(projection(), 1, degree)).toThrow(
    `conditionalGame: degree must be a positive integer, got ${degree}`,
  );
});

it('refuses packs for a conditioning that knows of none', () => {
  const { discriminator, ...others } = projection();
  const conditioning = {
    ...others,
    discriminator: {
      ...discriminator,
      network: (architecture: Architecture, classes: number) =>
        discriminator.network(architecture, classes, 1),
    },
  };
  expect(() => tinyGame(conditioning, 1, 2)).toThrow(
    'conditionalGame: to judge packs of degree (=2), the discriminator of "class-product" must take 2 ' +
      'channels, got 1; make it heed the degree, or pack no pictures',
  );
});

it('refuses batches without labels, or with too few', () => {
  const game = tinyGame(projection());
  tf.tidy(() => {
    const { images, labels } = tinyBatch([0, 1]);
    const random = RandomStream.fromSeed(0);
    const missing =
      'conditionalGame: batches must have labels, got "none"; use a data set with classes';
    expect(() => game.real({ images })).toThrow(missing);
    expect(() => game.fake({ images }, random)).toThrow(missing);
    expect(() => game.real({ images, labels: tf.slice(labels, 0, 1) })).toThrow(
      'conditionalGame: labels must have shape [2], got [1]',
    );
  });
  disposeGame(game);
});

it('takes class numbers in range only', () => {
  const column = labelColumn([2, 0], 3);
  expect([column.shape, column.dtype, [...column.dataSync()]]).toEqual([[2, 1], 'int32', [2, 0]]);
  column.dispose();
  for (const wrong of [3, -1, 0.5, NaN]) {
    expect(() => labelColumn([0, wrong], 3)).toThrow(
      `labelColumn: a label must be an integer from 0 to 2, got ${wrong}`,
    );
  }
});

it('shares classes out in order', () => {
  expect([...labelRows(6, 3)]).toEqual([0, 0, 1, 1, 2, 2]);
  expect([...labelRows(5, 3)]).toEqual([0, 0, 1, 1, 2]);
  expect([...labelRows(2, 3)]).toEqual([0, 1]);
});

it('refuses a generator that takes no class', () => {
  const { generator, ...others } = projection();
  const unconditional = {
    ...generator,
    network: (architecture: Architecture) =>
      generatorOf(architecture, { random: RandomStream.fromSeed(1) }),
  };
  expect(() => tinyGame({ ...others, generator: unconditional })).toThrow(
    'conditionalGame: the generator of "class-in-normalizations" must have an input "label" for ' +
      'classes, got [latent]; name it so',
  );
});

it('draws every input of the generator but the class, wherever that stands', () => {
  const noisy: GeneratorConditioning = {
    name: 'noisy',
    network(architecture, classes) {
      const [noise, label] = [
        tf.input({ shape: [2, 3], name: 'noise' }),
        tf.input({ shape: [1], name: 'label' }),
      ];
      const latent = latentInput(architecture);
      const table = embeddingLayer({ name: 'table', classes, size: 1 });
      const parts = [noise, latent, table.apply(label) as tf.SymbolicTensor].map(
        (part) =>
          (part.shape.length === 2 ? part : tf.layers.flatten().apply(part)) as tf.SymbolicTensor,
      );
      const all = tf.layers.concatenate().apply(parts) as tf.SymbolicTensor;
      const outputs = architecture.generator(all);
      return tf.model({ name: 'generator', inputs: [noise, label, latent], outputs });
    },
  };
  const game = tinyGame({ ...projection(), generator: noisy });
  const generator = game.generator.models['generator']!;
  tf.tidy(() => {
    const batch = tinyBatch([1, 0, 2]);
    const random = () => RandomStream.fromSeed(4);
    const [noise, latent] = [
      random().normal([3, 2, 3]),
      random().fork('input-1').normal([3, LATENT]),
    ];
    const inputs = [noise, tf.tensor2d([1, 0, 2], [3, 1]), latent];
    expect(game.fake(batch, random()).images).toBeAllclose(
      generator.apply(inputs, { training: true }) as tf.Tensor,
    );
    const shown = game.show!(batch, random(), game.generator.models) as { pictures: tf.Tensor4D };
    const inOrder = [noise, tf.tensor2d([0, 1, 2], [3, 1]), latent];
    expect(shown.pictures).toBeAllclose(generator.predict(inOrder) as tf.Tensor);
  });
  disposeGame(game);
});

it('draws first weights as the architecture does: He’s stay those of a residual network', () => {
  const image = { height: 8, width: 8, channels: 1 };
  const architecture = resnet({ image, latentSize: LATENT, filters: 6 });
  const game = tinyGame({ ...projection(), architecture });
  const random = RandomStream.fromSeed(1);
  // Conditional batch normalization has tables in the place of γ and β, and the same layers around.
  const alone = [
    generatorOf(architecture, { random: random.fork('generator') }),
    discriminatorOf(architecture, { random: random.fork('discriminator') }),
  ];
  const kernels = (models: readonly tf.LayersModel[]) =>
    Object.fromEntries(
      models.flatMap((model) =>
        model.weights
          .filter(({ originalName }) => originalName.endsWith('/kernel'))
          .map((weight) => [weight.originalName, [...weight.read().dataSync()]]),
      ),
    );
  const { generator } = game.generator.models;
  const { discriminator } = game.discriminator.models;
  const conditional = kernels([generator!, discriminator!]);
  expect(Object.keys(conditional).length).toBeGreaterThan(9);
  expect(conditional).toEqual(kernels(alone));
  // √(2/54) of He's, where Radford's is 0.02.
  const kernel = conditional['up1_out/kernel']!;
  const deviation = Math.sqrt(kernel.reduce((sum, v) => sum + v * v, 0) / kernel.length);
  expect(Math.abs(deviation / Math.sqrt(2 / 54) - 1)).toBeLessThan(
    5 / Math.sqrt(2 * kernel.length),
  );
  for (const model of alone) model.dispose();
  disposeGame(game);
});

it('is called by the names of its halves, if it has none', () => {
  const { generator, discriminator } = projection();
  const image = { height: 8, width: 8, channels: 1 };
  const game = conditionalGame({
    generator,
    discriminator,
    architecture: dcgan({ image, latentSize: LATENT, filters: 2 }),
    classes: 2,
    random: RandomStream.fromSeed(1),
  });
  expect(game.name).toBe('class-in-normalizations, class-product');
  disposeGame(game);
});
