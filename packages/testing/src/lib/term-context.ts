import {
  type Batch,
  type Critique,
  type Origin,
  RandomStream,
  type Sample,
  type TermContext,
} from '@ganloom/core';

/** What a real and a fake batch meet in {@link termContext}. */
export interface TermContextOptions<S extends Sample> {
  readonly real: S;
  readonly fake: S;
  /** Default: throws. */
  readonly critique?: (sample: S, random: RandomStream) => Critique;
  /** What `fake` is made from. Default: nothing. */
  readonly origin?: Origin;
  /** Makes further fakes. Default: throws. */
  readonly generate?: (origin: Origin, random: RandomStream) => S;
  /** Default: that of seed 1. */
  readonly random?: RandomStream;
  /** Default 1. */
  readonly packDegree?: number;
  /** Default: empty. */
  readonly batch?: Batch;
}

/**
 * What a term sees of one encounter, as the trainer makes it: critiques are made on first use, from
 * forks of the stream, and shared.
 */
export function termContext<S extends Sample>({
  real,
  fake,
  critique = () => {
    throw new Error('termContext: the term asks for critiques, so give `critique`');
  },
  origin = {},
  generate = () => {
    throw new Error('termContext: the term asks for further fakes, so give `generate`');
  },
  random = RandomStream.fromSeed(1),
  packDegree = 1,
  batch = {},
}: TermContextOptions<S>): TermContext<S> {
  const made: Record<string, Critique> = {};
  return {
    batch,
    packDegree,
    critique,
    real,
    fake,
    origin,
    generate,
    random,
    realCritique: () => (made['real'] ??= critique(real, random.fork('real-critique'))),
    fakeCritique: () => (made['fake'] ??= critique(fake, random.fork('fake-critique'))),
  };
}
