import {
  type AdversarialLoss,
  type Batch,
  RandomStream,
  type Term,
  type Variant,
} from '@ganloom/core';
import { augmented, latentGame } from '@ganloom/games';
import {
  discriminatorTerm,
  disposeVariant,
  softplusLoss,
  tinyData,
  tinyVariant,
} from '@ganloom/tiny-gan';
import { adam, sgd } from '@ganloom/optimizers';
import { adaptive, type Augmentation, horizontalFlip, instanceNoise } from '@ganloom/augmentation';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { MetricsEvent } from '../events';
import { runTraining } from '../run-training';
import { train } from '../train';
import type { Observation } from './symptom';
import { healthMonitor, type Verdict } from './health-monitor';

beforeAll(() => tf.setBackend('cpu'));

type Tiny = Variant<tf.Tensor>;

/** Trains, and returns the verdicts, those that were warned of, and the logged steps. */
async function watch(variant: Tiny, steps: number, data = tinyData(40, (i) => i / 20 - 1)) {
  const warned: Verdict[] = [];
  const rows: MetricsEvent[] = [];
  const monitor = healthMonitor({ warn: (verdict) => warned.push(verdict) });
  const events = train(variant, data, {
    steps,
    batchSize: 8,
    random: RandomStream.fromSeed(5),
    log: { every: 1 },
    samples: { every: 20, count: 16 },
  });
  const note = (event: { type: string }) => {
    if (event.type === 'metrics') rows.push(event as MetricsEvent);
  };
  await runTraining(events, [monitor.sink, note]).catch(() => undefined);
  disposeVariant(variant);
  return {
    verdicts: monitor.verdicts(),
    warned,
    rows,
    names: monitor.verdicts().map((v) => v.name),
  };
}

/** The tiny variant with other learning rates, of Adam. */
const atRates = (generator: number, discriminator: number, more: Partial<Tiny> = {}): Tiny => ({
  ...tinyVariant(1),
  optimizers: {
    generator: adam({ learningRate: generator, beta1: 0.5 }),
    discriminator: adam({ learningRate: discriminator, beta1: 0.5 }),
  },
  ...more,
});

/** With adaptive augmentation, whose p may go to 1 in ten steps. */
function adapting(tiny: Tiny, augmentation: Augmentation): Tiny {
  const augment = adaptive({ augmentations: [augmentation], every: 1, examples: 80 });
  return { ...tiny, game: augmented(tiny.game, augment) };
}

const minimax: AdversarialLoss = {
  ...softplusLoss,
  generator: (fake) => tf.neg(tf.mean(tf.softplus(fake.logits))),
};

const wasserstein: AdversarialLoss = {
  name: 'wasserstein',
  discriminator: (real, fake) => tf.sub(tf.mean(fake.logits), tf.mean(real.logits)),
  generator: (fake) => tf.neg(tf.mean(fake.logits)),
};

/**
 * The Dirac-GAN of Mescheder et al. 2018 (arXiv 1801.04406), on pictures: a linear discriminator, and a
 * generator that learns one picture. Without regularization they circle around each other for ever.
 */
function dirac(learningRate: number): Tiny {
  const { dense, reshape, flatten } = tf.layers;
  const generator = tf.sequential({
    layers: [dense({ units: 64, inputShape: [4] }), reshape({ targetShape: [8, 8, 1] })],
  });
  const discriminator = tf.sequential({
    layers: [
      flatten({ inputShape: [8, 8, 1] }),
      dense({ units: 1, useBias: false, kernelInitializer: 'zeros' }),
    ],
  });
  // Latents are all zero, so that the bias alone is learned.
  const fake = ({ images }: Batch) =>
    generator.apply(tf.zeros([images!.shape[0]!, 4])) as tf.Tensor;
  return {
    name: 'dirac',
    game: { ...latentGame({ generator, discriminator }), fake },
    loss: wasserstein,
    optimizers: { generator: sgd({ learningRate }), discriminator: sgd({ learningRate }) },
  };
}

describe('says, once, that', () => {
  const expectVerdict = async (
    watched: ReturnType<typeof watch>,
    name: string,
    message: RegExp,
  ) => {
    const { verdicts, warned } = await watched;
    const found = verdicts.filter((verdict) => verdict.name === name);
    expect(found).toHaveLength(1);
    expect(found[0]!.message).toMatch(message);
    expect(found[0]!.lastStep).toBeGreaterThanOrEqual(found[0]!.step);
    const noticed = { ...found[0], lastStep: found[0]!.step };
    expect(warned.filter((verdict) => verdict.name === name)).toEqual(
      name === 'not finite' ? [] : [noticed],
    );
  };

  it('the discriminator has won', () =>
    expectVerdict(
      watch(atRates(1e-5, 0.05), 50),
      'discriminator won',
      /^the discriminator has won: its loss is 0\.0\d+ at step \d+, 1\.57 at the beginning, so /,
    ));

  it("the generator's gradient has vanished", () =>
    expectVerdict(
      watch(atRates(1e-5, 0.2, { loss: minimax }), 60),
      'generator gradient vanished',
      /^the generator's gradient has vanished: its norm is \S+ at step \d+, and was \d/,
    ));

  it('the modes have collapsed', () => {
    // Pulls every picture towards grey, more than the discriminator can pull elsewhere.
    const grey: Term<tf.Tensor> = {
      name: 'grey',
      player: 'generator',
      weight: 100,
      value: ({ fake }) => tf.mean(tf.square(fake as tf.Tensor)),
    };
    return expectVerdict(
      watch(atRates(0.05, 0.001, { terms: [grey] }), 100),
      'mode collapse suspected',
      /^mode collapse is suspected: at step \d+ the samples differ by \S+ % of what real pictures do/,
    );
  });

  it('losses oscillate', () =>
    expectVerdict(
      // A turn of 2π/0.3 ≈ 21 steps.
      watch(
        dirac(0.3),
        110,
        tinyData(40, () => 0.5),
      ),
      'oscillation',
      /^the losses oscillate: the generator's swings around \S+ by \S+, about every (1[89]|2[0-3]) steps/,
    ));

  it('the augmentation is saturated', async () => {
    // Pictures of one tone look flipped as they did.
    const variant = adapting(atRates(1e-5, 0.05), horizontalFlip());
    await expectVerdict(
      watch(variant, 45),
      'augmentation saturated',
      /^the augmentation is saturated: its probability is 1 at step \d+, and has been 0\.8 or more since step \d+, /,
    );
    tf.dispose(Object.values(variant.game.state!));
  });

  it('memory grows by tensors that become larger', async () => {
    let kept = tf.zeros([10]);
    const hoard = discriminatorTerm({
      name: 'hoard',
      value: ({ real }) => {
        const more = tf.keep(tf.zeros([kept.size + 500]));
        kept.dispose();
        kept = more;
        return tf.mean(real as tf.Tensor);
      },
    });
    await expectVerdict(
      watch(atRates(0.002, 0.002, { terms: [hoard] }), 15),
      'memory growth',
      /^memory grows: the tensors take 0\.\d+ MB at step \d+, 2 kB more with each step; /,
    );
    kept.dispose();
  });

  it('memory grows', async () => {
    const kept: tf.Tensor[] = [];
    const leak = discriminatorTerm({
      name: 'leak',
      value: ({ real }) => {
        kept.push(tf.keep(tf.scalar(1)), tf.keep(tf.scalar(2)));
        return tf.mean(real as tf.Tensor);
      },
    });
    await expectVerdict(
      watch(atRates(0.002, 0.002, { terms: [leak] }), 15),
      'memory growth',
      /^memory grows: there are \d+ tensors at step \d+, 2 more with each step/,
    );
    tf.dispose(kept);
  });

  it('a loss is not finite', () =>
    expectVerdict(
      watch(
        atRates(0.002, 0.002),
        5,
        tinyData(40, (i) => (i === 3 ? NaN : i / 20 - 1)),
      ),
      'not finite',
      /^the loss "discriminator" became NaN at step \d+; lower .* \(first found in batch\/images\)$/,
    ));
});

it('is silent about a healthy run', async () => {
  const { verdicts, rows } = await watch(atRates(0.002, 0.002), 100);
  expect(verdicts).toEqual([]);
  // Not for want of anything to look at.
  expect(Object.keys(rows.at(-1)!.statistics).sort()).toEqual([
    'discriminatorGradientNorm',
    'fakeLogit',
    'generatorGradientNorm',
    'nearestDistance',
    'pixelDiversity',
    'realLogit',
  ]);
});

it('is silent about augmentation that adapts as it should', async () => {
  const variant = adapting(atRates(0.002, 0.002), instanceNoise({ stddev: 1 }));
  const { verdicts, rows } = await watch(variant, 100);
  expect(verdicts).toEqual([]);
  const probabilities = rows.map(({ statistics }) => statistics['augmentationProbability']!);
  expect(Math.max(...probabilities)).toBeGreaterThan(0.3);
  // As it is after the step.
  expect(probabilities.at(-1)).toBe(variant.game.state!['augmentation-probability']!.dataSync()[0]);
  tf.dispose(Object.values(variant.game.state!));
});

it('comes to the same verdicts when it reads the steps again, and warns of none', async () => {
  const { verdicts, rows } = await watch(
    dirac(0.3),
    110,
    tinyData(40, () => 0.5),
  );
  const warn = vi.fn<(verdict: Verdict) => void>();
  const monitor = healthMonitor({ warn });
  monitor.recall(rows);
  expect(monitor.verdicts()).toEqual(verdicts);
  expect(warn).not.toHaveBeenCalled();
});

describe('with made-up numbers', () => {
  const verdictsOf = (rows: readonly Partial<Observation>[]) => {
    const monitor = healthMonitor();
    monitor.recall(
      rows.map((row, i) => ({ step: i + 1, seconds: 0, losses: {}, statistics: {}, ...row })),
    );
    return monitor.verdicts().map(({ name, step, stage }) => [name, step, stage]);
  };
  const times = <T>(count: number, make: (i: number) => T) =>
    Array.from({ length: count }, (_, i) => make(i));
  const won = (discriminator: number, more: Partial<MetricsEvent> = {}) => ({
    losses: { discriminator },
    statistics: { realLogit: 9, fakeLogit: -9 },
    ...more,
  });

  it('begins anew with each stage', () => {
    const staged = (stage: string) => [won(1, { stage }), ...times(19, () => won(0.01, { stage }))];
    expect(verdictsOf([...staged('a'), ...staged('b')])).toEqual([]);
    const rows = [
      ...staged('a'),
      won(0.01, { stage: 'a' }),
      ...staged('b'),
      won(0.01, { stage: 'b' }),
    ];
    expect(verdictsOf(rows)).toEqual([
      ['discriminator won', 21, 'a'],
      ['discriminator won', 42, 'b'],
    ]);
  });

  it('takes no lead of a critic, and no lost one, for a victory', () => {
    expect(verdictsOf([won(0.1), ...times(40, (i) => won(-i))])).toEqual([]);
    const beaten = { losses: { discriminator: 0.01 }, statistics: { realLogit: 0, fakeLogit: 1 } };
    expect(verdictsOf([won(1), ...times(40, (i) => (i % 15 ? won(0.01) : beaten))])).toEqual([]);
  });

  it('takes no noise, no trend and no swing that dies away for oscillation', () => {
    const random = RandomStream.fromSeed(1);
    const loss = (generator: number) => ({ losses: { generator } });
    expect(verdictsOf(times(2000, () => loss(random.uniformNumber())))).toEqual([]);
    expect(verdictsOf(times(200, (i) => loss(5 - i / 50)))).toEqual([]);
    expect(verdictsOf(times(200, (i) => loss(1 + Math.exp(-i / 60) * Math.sin(i / 3))))).toEqual(
      [],
    );
    expect(verdictsOf(times(200, (i) => loss(1 + 0.05 * Math.sin(i / 3))))).toEqual([]);
    expect(verdictsOf(times(96, (i) => loss(1 + Math.sin(i / 3))))).toEqual([
      ['oscillation', 96, undefined],
    ]);
  });

  it('takes no augmentation that comes back for a saturated one', () => {
    const at = (augmentationProbability: number) => ({ statistics: { augmentationProbability } });
    expect(verdictsOf(times(200, (i) => at(i % 20 === 0 ? 0.79 : 1)))).toEqual([]);
    expect(verdictsOf([at(0.7), ...times(20, () => at(0.8))])).toEqual([
      ['augmentation saturated', 21, undefined],
    ]);
  });

  it('takes no memory that falls back for growth, and reads none of earlier runs', () => {
    const memory = (tensors: number, bytes: number) => ({ tensors, bytes });
    const grown = times(12, (i) => memory(5, 100 + i));
    expect(verdictsOf(grown)).toEqual([['memory growth', 12, undefined]]);
    expect(verdictsOf([...grown.slice(1), memory(6, 100), ...grown.slice(2)])).toEqual([]);
    expect(verdictsOf(times(12, (i) => ({ tensors: i })))).toEqual([]);
  });

  it('takes no generator that still learns to differ for a collapsed one', () => {
    const diversity = (pixelDiversity: number) => ({ statistics: { pixelDiversity } });
    expect(verdictsOf([0.02, 0.05, 0.1, 0.15, 0.3].map(diversity))).toEqual([]);
    expect(verdictsOf([0.9, 0.1, 0.1].map(diversity))).toEqual([]);
    expect(verdictsOf([0.9, 0.1, 0.1, 0.1].map(diversity))).toEqual([
      ['mode collapse suspected', 4, undefined],
    ]);
  });
});
