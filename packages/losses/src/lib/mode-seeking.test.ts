import type { Origin } from '@ganloom/core';
import { checkTerm, termContext } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { modeSeeking } from './mode-seeking';

beforeAll(() => tf.setBackend('cpu'));

/** G(z, c) = z·W + c, whose conditions are to cancel out. */
const WEIGHTS = [0.5, -1, 2, 0.25];
const LATENTS = [1, 2, 0, -1, 3, 0.5];

function encounter(weights: tf.Tensor2D, conditions: number[] = [0, 0, 0]) {
  const latents = tf.tensor2d(LATENTS, [3, 2]);
  const labels = tf.tensor1d(conditions);
  const generate = ({ latents: z, labels: c }: Origin): tf.Tensor =>
    tf.tidy(() => tf.add(tf.matMul(z as tf.Tensor2D, weights), tf.reshape(c!, [-1, 1])));
  const origin = { latents, labels };
  return {
    real: latents,
    origin,
    generate,
    // Made anew where it is asked for, so that it follows the weights.
    get fake() {
      return generate(origin);
    },
  };
}

it('is the inverse of how far samples differ, in units of their latents', () => {
  tf.tidy(() => {
    // G doubles: samples of one condition differ twice as much as latents, whatever the conditions are.
    const double = tf.tensor2d([2, 0, 0, 2], [2, 2]);
    expect(modeSeeking().value(termContext(encounter(double)))).toBeAllclose([0.5], { rtol: 1e-4 });
    const labeled = termContext(encounter(double, [5, -7, 20]));
    expect(modeSeeking().value(labeled)).toBeAllclose([0.5], { rtol: 1e-4 });

    // Latents (1, 2), (0, −1), (3, ½) differ by 4, 4½, 3½, samples of one number each, by hand.
    const sum = tf.tensor2d([1, 0.5], [2, 1]);
    const differences = (2.5 + 3.75 + 1.25) / 3;
    const latents = (4 + 4.5 + 3.5) / 6;
    expect(modeSeeking().value(termContext(encounter(sum)))).toBeAllclose([latents / differences], {
      rtol: 1e-4,
    });
  });
});

it('tells a generator that ignores its latents, and no more than 10⁵', () => {
  tf.tidy(() => {
    const none = termContext(encounter(tf.zeros([2, 2])));
    expect(modeSeeking().value(none)).toBeAllclose([1e5]);
  });
});

it('is a term of the weights that make the samples', () => {
  const weights = tf.variable(tf.tensor2d(WEIGHTS, [2, 2]));
  const met = encounter(weights as tf.Tensor2D);
  tf.tidy(() => checkTerm(modeSeeking({ weight: 0.3 }), met, { variables: [weights] }));
  tf.dispose([weights, met.origin]);
});

it('has the latents and the samples under other names', () => {
  tf.tidy(() => {
    const x = tf.tensor2d([1, 0, 3, 0], [2, 2]);
    const noise = tf.tensor2d([0, 4], [2, 1]);
    const context = termContext({
      real: { y: x, points: x },
      fake: { y: x, points: x },
      origin: { noise, more: x, kept: x },
      // What is not named keeps its place.
      generate({ noise: other, kept }) {
        expect(other).toBeAllclose([4, 0]);
        expect(kept).toBeAllclose(x);
        return { y: x, points: tf.reverse(x, 0) };
      },
    });
    // Samples differ by 2 and 0 per row, half of it a value; latents by 4, and by 2 and 0.
    const term = modeSeeking({ member: 'points', latents: ['noise', 'more'] });
    expect(term.value(context)).toBeAllclose([(8 + 4) / 6], { rtol: 1e-4 });
  });
});

it('changes the latents of all inputs by default, and no condition', () => {
  tf.tidy(() => {
    const x = tf.tensor2d([1, 0, 3, 0], [2, 2]);
    const labels = tf.tensor1d([4, 5]);
    const context = termContext({
      real: x,
      fake: x,
      origin: { latents: x, 'latents-1': tf.mul(x, 3), labels },
      generate(other) {
        expect(other['latents']!).toBeAllclose([3, 0, 1, 0]);
        expect(other['latents-1']!).toBeAllclose([9, 0, 3, 0]);
        expect(other['labels']!).toBeAllclose(labels);
        return tf.reverse(x, 0);
      },
    });
    // Samples differ by 1 a value, latents by 1 and by 3.
    expect(modeSeeking().value(context)).toBeAllclose([2], { rtol: 1e-4 });
  });
});

it('says what it needs', () => {
  tf.tidy(() => {
    const x = tf.ones([2, 2]);
    expect(() => modeSeeking().value(termContext({ real: x, fake: x }))).toThrow(
      'modeSeeking: the game must say from which "latents" its fakes are made, got []; let it have',
    );
    const one = tf.ones([1, 2]);
    const alone = termContext({ real: one, fake: one, origin: { latents: one } });
    expect(() => modeSeeking().value(alone)).toThrow(
      'a batch needs two examples, got 1; train with larger ones',
    );
    expect(() => modeSeeking({ weight: -1 })).toThrow('weight must be a number of at least 0');
  });
});
