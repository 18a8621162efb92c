import { type Critique, RandomStream, type Sample, type TermContext } from '@ganloom/core';

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
}: TestContextOptions<S>): TermContext<S> {
  const made: Record<string, Critique> = {};
  return {
    batch: {},
    packDegree,
    critique,
    real,
    fake,
    random,
    realCritique: () => (made['real'] ??= critique(real, random.fork('real-critique'))),
    fakeCritique: () => (made['fake'] ??= critique(fake, random.fork('fake-critique'))),
  };
}
