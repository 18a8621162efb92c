import { RandomStream, type Term } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { checkTerm } from './check-term';
import { termContext } from './term-context';

beforeAll(async () => void (await tf.setBackend('cpu')));

const encounter = () => ({
  real: tf.tensor2d([0.3, -0.5, 1, 2], [2, 2]),
  fake: tf.tensor2d([0.1, 0.7, -1, 0.4], [2, 2]),
});

/** E (G(z) − x)². */
const distance: Term<tf.Tensor> = {
  name: 'distance',
  player: 'generator',
  weight: 1,
  value: ({ real, fake }) => tf.tidy(() => tf.mean(tf.squaredDifference(fake, real)) as tf.Scalar),
};

it('passes a right term of the generator', () => {
  checkTerm(distance, encounter());
  const { real, fake } = encounter();
  // Integers, such as labels, are no part of what is learned.
  const labels = tf.tensor1d([0, 1], 'int32');
  const ofRecord: Term<{ images: tf.Tensor; labels: tf.Tensor }> = {
    ...distance,
    weight: { name: 'falling', at: (n) => 1 / (1 + n) },
    every: 4,
    value: (context) =>
      tf.tidy(() => {
        const { images } = context.fake;
        return tf.mean(tf.squaredDifference(images, context.real.images)) as tf.Scalar;
      }),
  };
  checkTerm(ofRecord, { real: { images: real, labels }, fake: { images: fake, labels } });
});

it('passes a right term of the discriminator, and leaves its weights and state', () => {
  const weight = tf.variable(tf.tensor2d([0.5, -2], [2, 1]));
  const met = tf.variable(tf.scalar(0), false);
  const drift: Term<tf.Tensor> = {
    name: 'drift',
    player: 'discriminator',
    weight: 0.1,
    state: { met },
    value: ({ realCritique, random }) =>
      tf.tidy(() => {
        met.assign(tf.add(met, 1));
        const some = tf.add(realCritique().logits, random.uniform([2, 1]));
        return tf.mean(tf.square(some)) as tf.Scalar;
      }),
  };
  const critique = (x: tf.Tensor) => ({ logits: tf.matMul(x as tf.Tensor2D, weight) });
  checkTerm(drift, { ...encounter(), critique }, { variables: [weight] });
  expect([...weight.dataSync()]).toEqual([0.5, -2]);
  expect([...met.dataSync()]).toEqual([0]);
  // Without the way from its weights, it has no gradient.
  const deaf = {
    ...drift,
    value: () => tf.tidy(() => tf.mean(tf.square(tf.tensor(weight.dataSync())))),
  };
  const check = () => checkTerm(deaf as Term<tf.Tensor>, encounter(), { variables: [weight] });
  expect(check).toThrow('Cannot find a connection between any variable');
  tf.dispose([weight, met]);
});

let calls = 0;
it.each<[string, Partial<Term<tf.Tensor>>, string]>([
  ['a name', { name: '' }, "not to be ''"],
  ['a weight', { weight: NaN }, 'the weight NaN'],
  ['a count', { every: 0 }, 'every 0'],
  [
    'a shape',
    { value: ({ real, fake }) => tf.tidy(() => tf.mean(tf.sub(real, fake), 0) as tf.Scalar) },
    'the shape of the value',
  ],
  [
    'a value that is not finite',
    { value: ({ fake }) => tf.tidy(() => tf.mean(tf.log(tf.mul(fake, 0)))) },
    'the value -Infinity',
  ],
  [
    'chances of its own',
    {
      value: ({ fake }) =>
        tf.tidy(() => tf.mean(tf.mul(fake, RandomStream.fromSeed(calls++).uniform([2])))),
    },
    'the value by the same stream',
  ],
  [
    'a leak',
    { value: ({ fake }) => tf.tidy(() => (tf.keep(tf.scalar(1)), tf.mean(fake))) },
    'undisposed',
  ],
  [
    'a gradient',
    {
      value: ({ fake }) =>
        tf.tidy(() => {
          const op = tf.customGrad((x) => ({
            value: tf.square(x as tf.Tensor),
            gradFunc: (dy) => tf.mul(dy as tf.Tensor, fake),
          }));
          return tf.mean(op(fake));
        }),
    },
    'the slope along a direction',
  ],
])('refuses %s that is wrong', (_, wrong, message) => {
  expect(() => checkTerm({ ...distance, ...wrong }, encounter())).toThrow(message);
});

it('says when critiques are asked for and there are none', () => {
  expect(() => termContext(encounter()).realCritique()).toThrow(
    'termContext: the term asks for critiques, so give `critique`',
  );
});
