import { dcgan, mlp, resnet } from '@ganloom/models';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { auxiliaryClassifier } from './auxiliary-classifier';
import { classBesideLatent } from './class-beside-latent';
import { classBesidePicture } from './class-beside-picture';
import { classInNormalizations } from './class-in-normalizations';
import { classIntoLatent } from './class-into-latent';
import { classNaming } from './class-naming';
import { classProduct } from './class-product';
import { concatenation } from './concatenation';
import type { DiscriminatorConditioning, GeneratorConditioning } from './conditioning';
import { projection } from './projection';

beforeAll(async () => void (await tf.setBackend('cpu')));

const image = { height: 8, width: 8, channels: 2 };
const architectures = [
  dcgan({ image, latentSize: 3, filters: 2 }),
  resnet({ image, latentSize: 3, filters: 2 }),
  mlp({ shape: [2], latentSize: 3, generator: { widths: [4] }, discriminator: { widths: [4] } }),
];
const shapesOf = (tensors: tf.SymbolicTensor[]) => tensors.map(({ shape }) => shape.slice(1));

/** What a generator makes of two classes with one latent. */
function drawn(generator: tf.LayersModel): Float32Array[] {
  return tf.tidy(() => {
    const latents = tf.tile(tf.tensor2d([[0.5, -1, 2]]), [2, 1]);
    const samples = generator.apply([latents, tf.tensor2d([0, 1], [2, 1], 'int32')]) as tf.Tensor;
    return tf.unstack(samples).map((sample) => sample.dataSync<'float32'>());
  });
}

describe.each(architectures)('on $name', (architecture) => {
  const { shape } = architecture;

  it.each<GeneratorConditioning>([
    classBesideLatent(),
    classInNormalizations(),
    classIntoLatent(),
    classIntoLatent({ by: 'sum' }),
  ])('a generator of $name draws other samples for another class', ({ network }) => {
    const generator = network(architecture, 4);
    expect(generator.inputNames).toEqual(['latent', 'label']);
    expect(shapesOf(generator.inputs)).toEqual([[3], [1]]);
    expect(shapesOf(generator.outputs)).toEqual([shape]);
    // Weights that are not all alike, the same each time.
    tf.tidy(() =>
      generator.setWeights(
        generator.weights.map(({ shape: size, originalName }, n) =>
          /variance/.test(originalName)
            ? tf.ones(size as number[])
            : tf.tensor(
                Float32Array.from({ length: tf.util.sizeFromShape(size as number[]) }, (_, i) =>
                  Math.sin(1.3 * i + n),
                ),
                size as number[],
              ),
        ),
      ),
    );
    const [one, other] = drawn(generator);
    expect(one).not.toEqual(other);
    generator.dispose();
  });

  it.each<[DiscriminatorConditioning, inputs: number[][], outputs: number[][]]>([
    [classBesidePicture(), [[3]], [[1]]],
    [classProduct(), [[1], [1], [1]], [[1]]],
    [classNaming(), [], [[1], [12]]],
  ])('a discriminator judges three samples together: %#', ({ network }, labels, outputs) => {
    const discriminator = network(architecture, 4, 3);
    const packed = [...shape.slice(0, -1), 3 * shape.at(-1)!];
    expect(shapesOf(discriminator.inputs)).toEqual([packed, ...labels]);
    expect(shapesOf(discriminator.outputs)).toEqual(outputs);
    discriminator.dispose();
  });
});

it('names the pairs that are known, and their halves', () => {
  const names = [concatenation(), projection(), auxiliaryClassifier()].map(
    ({ name, generator, discriminator }) => [name, generator.name, discriminator.name],
  );
  expect(names).toEqual([
    ['concatenation', 'class-beside-latent', 'class-beside-picture'],
    ['projection', 'class-in-normalizations', 'class-product'],
    ['auxiliary-classifier', 'class-in-normalizations', 'class-naming'],
  ]);
  expect(classIntoLatent().name).toBe('class-product-latent');
});

it('has vectors of the length that is asked for', () => {
  const generator = classBesideLatent({ size: 5 }).network(architectures[0]!, 4);
  const table = generator.getLayer('class_vector_table').getWeights()[0]!;
  expect(table.shape).toEqual([4, 5]);
  generator.dispose();
  expect(() => classBesideLatent({ size: 0 })).toThrow(
    'classBesideLatent: size must be a positive integer, got 0',
  );
});
