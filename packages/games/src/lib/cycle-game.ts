import { type Batch, type Game, memberOf, type RandomStream, UsageError } from '@ganloom/core';
import { forward } from '@ganloom/gradients';
import * as tf from '@tensorflow/tfjs';
import { sideBySide } from './side-by-side';

/** A name for each of the two domains. */
export interface Domains {
  readonly a: string;
  readonly b: string;
}

/** Networks and names of {@link cycleGame}. */
export interface CycleGameOptions {
  /** G: pictures of domain A to pictures of domain B. */
  readonly toB: tf.LayersModel;
  /** F: pictures of domain B to pictures of domain A. */
  readonly toA: tf.LayersModel;
  /** Pictures of domain A to logits `[batch, …]`: one, or one for each patch. */
  readonly discriminatorA: tf.LayersModel;
  /** Pictures of domain B to logits of the same shape. */
  readonly discriminatorB: tf.LayersModel;
  /** What the domains are called in samples; default `{ a: 'a', b: 'b' }`. */
  readonly domains?: Domains;
  /** Which tensors of a batch show them; default: those called as the domains. */
  readonly data?: Domains;
  /** Whether fakes hold what `identity` compares, at two passes a sample. Default true. */
  readonly identity?: boolean;
  /** Of which domain pictures are shown; default `both`. */
  readonly shown?: 'a' | 'b' | 'both';
}

/** Pictures by name, those of either domain and what was made of them. */
export type DomainPictures = Readonly<Record<string, tf.Tensor>>;

/**
 * The game of CycleGAN: two translators between domains that come without pairs, and a discriminator in
 * each.
 *
 * real {x, y};  fake {F(y), G(x)};  logits [D_X(·), D_Y(·)] side by side in the last axis
 *
 * Zhu et al. 2017 (arXiv 1703.10593). With `domains: { a: 'photos', b: 'paintings' }`, real samples have
 * `photos` and `paintings`, and fakes besides
 * - `photosAgain` = F(G(x)) and `paintingsAgain` = G(F(y)), for
 *   `cycleConsistency({ pairs: { photos: 'photosAgain', paintings: 'paintingsAgain' } })`;
 * - `photosKept` = F(x) and `paintingsKept` = G(y), for
 *   `identity({ pairs: { photos: 'photosKept', paintings: 'paintingsKept' } })`.
 *
 * Losses average over both discriminators, where the paper adds them up: its λ = 10 beside the sum is 5
 * beside the mean.
 *
 * Shown are input, translation and the way back side by side: the examples of A first, then those of B.
 * The players' networks are `toB`, `toA`, `discriminatorA` and `discriminatorB`.
 *
 * @throws UsageError if names coincide, or the discriminators' logits differ in shape; GanloomError at a
 *   batch without a tensor of a domain.
 */
export function cycleGame(options: CycleGameOptions): Game<DomainPictures> {
  const { toB, toA, discriminatorA, discriminatorB } = options;
  const { domains = { a: 'a', b: 'b' }, identity = true, shown = 'both' } = options;
  const { data = domains } = options;
  requireDistinct('domains', domains);
  requireDistinct('data', data);
  requireAlike(discriminatorA, discriminatorB);
  const { a, b } = domains;
  const member = (batch: Batch, domain: 'a' | 'b') =>
    memberOf<tf.Tensor4D>('cycleGame', batch, data[domain]);
  return {
    name: 'cycle',
    generator: { models: { toB, toA } },
    discriminator: { models: { discriminatorA, discriminatorB } },
    real: (batch) => ({ [a]: member(batch, 'a'), [b]: member(batch, 'b') }),
    fake(batch, random) {
      const [x, y] = [member(batch, 'a'), member(batch, 'b')];
      const run = passes(random, true);
      const [madeB, madeA] = [run(toB, x, 'to-b'), run(toA, y, 'to-a')];
      return {
        [a]: madeA,
        [b]: madeB,
        [`${a}Again`]: run(toA, madeB, 'a-again'),
        [`${b}Again`]: run(toB, madeA, 'b-again'),
        ...(identity && {
          [`${a}Kept`]: run(toA, x, 'a-kept'),
          [`${b}Kept`]: run(toB, y, 'b-kept'),
        }),
      };
    },
    critique(sample, _, random) {
      const run = passes(random, true);
      const onA = run(discriminatorA, memberOf('cycleGame', sample, a), 'a');
      const onB = run(discriminatorB, memberOf('cycleGame', sample, b), 'b');
      return { logits: tf.concat([onA, onB], -1) };
    },
    show(batch, random, models) {
      const run = passes(random, false);
      const thereAndBack = (domain: 'a' | 'b') => {
        const [there, back] =
          domain === 'a' ? (['toB', 'toA'] as const) : (['toA', 'toB'] as const);
        const input = member(batch, domain);
        const made = run(models[there]!, input, `${domain}-there`);
        return sideBySide([input, made, run(models[back]!, made, `${domain}-back`)]);
      };
      if (shown !== 'both') return { pictures: thereAndBack(shown) };
      return { pictures: tf.concat([thereAndBack('a'), thereAndBack('b')], 0) };
    },
  };
}

/** Passes through networks, each with chances of its own. */
function passes(random: RandomStream, training: boolean) {
  const layers = random.fork('layers');
  return (network: tf.LayersModel, pictures: tf.Tensor, name: string) =>
    forward<tf.Tensor4D>(network, pictures, { training, random: layers.fork(name) });
}

function requireDistinct(what: string, { a, b }: Domains): void {
  if (a !== b) return;
  throw new UsageError(`cycleGame: ${what} must be two names, got "${a}" twice`);
}

function requireAlike(one: tf.LayersModel, other: tf.LayersModel): void {
  const [first, second] = [one, other].map(({ outputs }) => `[${outputs[0]!.shape.join(',')}]`);
  if (first === second) return;
  const expected = `the logits of discriminatorB must have the shape ${first} of discriminatorA's`;
  throw new UsageError(`cycleGame: ${expected}, got ${second}; build both alike`);
}
