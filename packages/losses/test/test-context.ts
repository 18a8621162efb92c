import { type Critique, RandomStream, type Sample, type TermContext } from '@ganloom/core';
import type * as tf from '@tensorflow/tfjs';

export interface TestContextOptions<S extends Sample> {
  readonly real: S;
  readonly fake: S;
  readonly critique?: (sample: S, random: RandomStream) => Critique;
  readonly random?: RandomStream;
  readonly packDegree?: number;
}

/** What a term sees of one encounter, as the trainer makes it. */
export function testContext<S extends Sample>({
  real,
  fake,
  critique = () => {
    throw new Error('this term does not look at critiques');
  },
  random = RandomStream.fromSeed(1),
  packDegree = 1,
}: TestContextOptions<S>): TermContext<never, S> {
  const made: Record<string, Critique> = {};
  const game = {
    name: 'test',
    packDegree,
    generator: { models: {} },
    discriminator: { models: {} },
    real: () => real,
    fake: () => fake,
    critique: (sample: S, _: unknown, stream: RandomStream) => critique(sample, stream),
    pictures: () => real as tf.Tensor4D,
  };
  return {
    game,
    batch: undefined as never,
    real,
    fake,
    random,
    realCritique: () => (made['real'] ??= critique(real, random.fork('real-critique'))),
    fakeCritique: () => (made['fake'] ??= critique(fake, random.fork('fake-critique'))),
  };
}
