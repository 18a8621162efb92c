import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AdversarialLoss, type Batch, type Dataset, RandomStream } from '@ganloom/core';
import { nonSaturating, relativisticPairing, wasserstein } from '@ganloom/losses';
import { runTraining, train, trainingState } from '@ganloom/training';
import { loadModel } from '@ganloom/storage';
import { diskStore } from '@ganloom/storage/node';
import { captureOutput, expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { bothWays } from './bidirectional-gan';
import { fisherLoss } from './fisher-gan';
import { boundarySeeking, drift, PixelNorm } from './quiet-gan';
import { softmaxLoss } from './softmax-gan';
import { variants } from './recipe';
import { trainQuietGan } from './train-quiet-gan';

beforeAll(() => tf.setBackend('cpu'));

const image = { height: 8, width: 8, channels: 1 };
const data: Dataset = {
  name: 'tiny',
  size: 8,
  shapes: { images: [8, 8, 1] },
  batch: (indices) => ({
    images: tf.tensor4d(
      Array.from(indices, (i) => Array.from({ length: 64 }, (_, k) => Math.sin(i + k / 5))).flat(),
      [indices.length, 8, 8, 1],
    ),
  }),
};

describe.each(Object.keys(variants))('%s', (name) => {
  it('is trained by the trainer as it is, and goes on from its state to the same bits', async () => {
    const begin = () => {
      const variant = variants[name]!(image, RandomStream.fromSeed(1));
      const state = trainingState(variant);
      const play = async (from: number, to: number) => {
        const options = { steps: to, batchSize: 2, random: RandomStream.fromSeed(2) };
        return runTraining(
          train(variant, data, { ...options, done: { step: from, seconds: 0 } }),
          [],
        );
      };
      const bits = (step: number) =>
        Object.values(state.tensors(step)).flatMap((tensor) => [...tensor.dataSync()]);
      return { variant, state, play, bits };
    };
    const whole = begin();
    const before = whole.bits(0);
    const end = await whole.play(0, 2);
    expect(Object.values(end.losses).every(Number.isFinite)).toBe(true);
    expect(whole.bits(2)).not.toEqual(before);

    const [first, second] = [begin(), begin()];
    await first.play(0, 1);
    second.state.restore(1, first.state.tensors(1));
    await second.play(1, 2);
    expect(second.bits(2)).toEqual(whole.bits(2));
  });

  it('draws pictures', () => {
    const { game } = variants[name]!(image, RandomStream.fromSeed(1));
    tf.tidy(() => {
      const batch = data.batch([0, 1, 2]) as Batch;
      const shown = game.show!(batch, RandomStream.fromSeed(2), game.generator.models);
      const { pictures: drawn } = shown as { pictures: tf.Tensor4D };
      expect(drawn.shape[0]).toBe(3);
      expect(drawn.min().dataSync()[0]).toBeGreaterThanOrEqual(-1);
      expect(drawn.max().dataSync()[0]).toBeLessThanOrEqual(1);
    });
  });
});

const critique = (...logits: number[]) => ({ logits: tf.tensor2d(logits, [logits.length, 1]) });
const softplus = (x: number) => Math.log1p(Math.exp(x));

it('boundary seeking: as its formula says', () => {
  tf.tidy(() => {
    const loss = boundarySeeking();
    const [real, fake] = [critique(1, 3), critique(-2, 0.5)];
    const expected = (softplus(-1) + softplus(-3)) / 2 + (softplus(-2) + softplus(0.5)) / 2;
    expect(loss.discriminator(real, fake)).toBeAllclose([expected]);
    expect(loss.generator(fake, () => real)).toBeAllclose([(4 + 0.25) / 4]);
    const term = drift(1).value({ realCritique: () => real } as never);
    expect(term).toBeAllclose([5]);
  });
});

it('pixel norm: channels of length √channels, saved and loaded', async () => {
  const model = tf.sequential({ layers: [new PixelNorm({ inputShape: [1, 2] })] });
  const x = tf.tensor3d([[[3, 4]], [[-1, 0]]]);
  const root = Math.SQRT2;
  const expected = [0.6 * root, 0.8 * root, -root, 0];
  expect(model.predict(x) as tf.Tensor).toBeAllclose(expected);
  const again = await tf.models.modelFromJSON(JSON.parse(model.toJSON() as unknown as string));
  expect(again.predict(x) as tf.Tensor).toBeAllclose(expected);
});

it('softmax: as its formula says, at large logits too', () => {
  tf.tidy(() => {
    const loss = softmaxLoss();
    const [real, fake] = [critique(1, 2), critique(0, -1)];
    const z = Math.log(Math.exp(1) + Math.exp(2) + 1 + Math.exp(-1));
    expect(loss.discriminator(real, fake)).toBeAllclose([z - 1.5]);
    expect(loss.generator(fake, () => real)).toBeAllclose([z - 0.5 * (1.5 - 0.5)]);
    expect(loss.discriminator(critique(-1e4), critique(1e4))).toBeAllclose([2e4]);
  });
});

it('Fisher: as its formula says, and its multiplier learns', () => {
  const loss = fisherLoss(0.5);
  const [real, fake] = [critique(1, 3), critique(0, -2)];
  // Ω = ½(5 + 2) = 3.5, E f(x) − E f(G(z)) = 3.
  const first = loss.discriminator(real, fake);
  expect(first).toBeAllclose([-(3 - 0.25 * 2.5 ** 2)]);
  expect(loss.state.multiplier).toBeAllclose([0.5 * 2.5]);
  expect(loss.statistics).toEqual({ multiplier: loss.state.multiplier });
  const second = loss.discriminator(real, fake);
  expect(second).toBeAllclose([-(3 + 1.25 * -2.5 - 0.25 * 2.5 ** 2)]);
  expect(loss.generator(fake, () => real)).toBeAllclose([1]);
  tf.dispose([real, fake, first, second]);
  tf.dispose(loss.state);
});

it('both ways: the encoder wants the opposite', () => {
  tf.tidy(() => {
    const both = (loss: AdversarialLoss) =>
      bothWays(loss).generator(critique(0.5), () => critique(1, -3));
    expect(both(nonSaturating())).toBeAllclose([softplus(-0.5) + (softplus(1) + softplus(-3)) / 2]);
    expect(both(wasserstein())).toBeAllclose([-0.5 + (1 - 3) / 2]);
    // Twice the same: to have fakes pass for more real, or real ones for less.
    const pairing = bothWays(relativisticPairing());
    const of = pairing.generator(critique(0.5, 2), () => critique(1, -3));
    expect(of).toBeAllclose([softplus(1 - 0.5) + softplus(-3 - 2)]);
  });
});

describe('gradients', () => {
  const REAL = [1.3, -0.4, 2];
  const FAKE = [0.2, -1.1, 0.7];
  type Logits = ArrayLike<number>;
  const mean = (logits: Logits, f: (t: number) => number) =>
    Array.from(logits, f).reduce((sum, value) => sum + value, 0) / logits.length;
  const same = (t: number) => t;
  const square = (t: number) => t * t;
  const logZ = (r: Logits, f: Logits) =>
    Math.log([...Array.from(r), ...Array.from(f)].reduce((sum, t) => sum + Math.exp(t), 0));
  const omega = (r: Logits, f: Logits) => (mean(r, square) + mean(f, square)) / 2;

  it.each([
    {
      make: boundarySeeking,
      discriminator: (r: Logits, f: Logits) => mean(r, (t) => softplus(-t)) + mean(f, softplus),
      generator: (_: Logits, f: Logits) => mean(f, square) / 2,
    },
    {
      make: softmaxLoss,
      discriminator: (r: Logits, f: Logits) => logZ(r, f) - mean(r, same),
      generator: (r: Logits, f: Logits) => logZ(r, f) - (mean(r, same) + mean(f, same)) / 2,
    },
    {
      make: () => bothWays(nonSaturating()),
      discriminator: (r: Logits, f: Logits) => mean(r, (t) => softplus(-t)) + mean(f, softplus),
      generator: (r: Logits, f: Logits) => mean(f, (t) => softplus(-t)) + mean(r, softplus),
    },
    {
      // λ = 0.7, a number in the gradient though the objective moves it.
      make: () => {
        const loss = fisherLoss(0.5);
        tf.tidy(() => loss.state.multiplier.assign(tf.scalar(0.7)));
        return loss;
      },
      discriminator: (r: Logits, f: Logits) =>
        mean(f, same) - mean(r, same) + 0.7 * (omega(r, f) - 1) + 0.25 * (omega(r, f) - 1) ** 2,
      generator: (_: Logits, f: Logits) => -mean(f, same),
    },
  ])('are those of the formula: $make.name $#', ({ make, discriminator, generator }) => {
    const loss: AdversarialLoss = make();
    tf.tidy(() => {
      const sides = [tf.tensor2d(REAL, [3, 1]), tf.tensor2d(FAKE, [3, 1])];
      const ofD = tf.grads((r: tf.Tensor, f: tf.Tensor) =>
        loss.discriminator({ logits: r }, { logits: f }),
      )(sides);
      expect(ofD[0]!).toBeAllclose(finiteDifference((r) => discriminator(r, FAKE), REAL));
      expect(ofD[1]!).toBeAllclose(finiteDifference((f) => discriminator(REAL, f), FAKE));
      // A loss that leaves real examples alone in G's objective has no gradient for them.
      const ofG = tf.grads((r: tf.Tensor, f: tf.Tensor) =>
        tf.add(
          loss.generator({ logits: f }, () => ({ logits: r })),
          tf.mul(tf.sum(r), 0),
        ),
      )(sides);
      expect(ofG[0]!).toBeAllclose(finiteDifference((r) => generator(r, FAKE), REAL));
      expect(ofG[1]!).toBeAllclose(finiteDifference((f) => generator(REAL, f), FAKE));
    });
    tf.dispose(loss.state ?? {});
  });
});

it('losses leak nothing', () => {
  const [real, fake] = [critique(1, 2), critique(0, -1)];
  const fisher = fisherLoss();
  for (const loss of [boundarySeeking(), softmaxLoss(), fisher]) {
    expectNoLeak(() => loss.discriminator(real, fake));
    expectNoLeak(() => loss.generator(fake, () => real));
  }
  tf.dispose([real, fake]);
  tf.dispose(fisher.state);
});

it('the page "Write your own GAN" shows this code', async () => {
  const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
  const page = await read('../../../docs/write-your-own-gan.md');
  const code = (await read('quiet-gan.ts')) + (await read('train-quiet-gan.ts'));
  const blocks = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block!.trim());
  expect(blocks.length).toBeGreaterThan(3);
  for (const block of blocks) expect(code).toContain(block);
  // All of both files is on the page: what is left are empty lines.
  const rest = blocks.reduce((text, block) => text.replace(block, ''), code);
  expect(rest.trim()).toBe('');
});

it('the page "Write your own GAN" trains', async () => {
  const said = captureOutput();
  const folder = await mkdtemp(join(tmpdir(), 'quiet-gan-'));
  try {
    await trainQuietGan(1, folder);
    expect(said).toContain('1');
    const generator = await loadModel(diskStore(folder));
    expect(generator.outputs[0]!.shape).toEqual([null, 28, 28, 1]);
    generator.dispose();
  } finally {
    vi.restoreAllMocks();
    await rm(folder, { recursive: true });
    await tf.setBackend('cpu');
  }
});
