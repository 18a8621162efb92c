import { gaussianMixture, type Mixture } from '@ganloom/datasets';
import { mixtureCoverage } from '@ganloom/metrics';
import { scatterPlot } from '@ganloom/images';
import { maxoutUnits, mlp } from '@ganloom/models';
import { drawLatents, drawValues } from '@ganloom/recipes';
import * as tf from '@tensorflow/tfjs';
import type { Hyperparameters } from './hyperparameters';
import type { TargetKind } from './target';

/** Points to train on, and samples to measure. */
const POINTS = 100_000;
const SAMPLES = 2500;
const AT_A_TIME = 500;

type Gammas = Pick<Hyperparameters, 'gamma' | 'gammaEnd'>;

/**
 * Points of a mixture, and the networks and batches of Lin et al. 2018 (PacGAN, arXiv 1712.04086),
 * section 4.1. They trained for 400,000 steps at a rate of 1e-4 with β₁ = 0.8; at a higher rate that
 * goes to 0, 10,000 steps are enough to tell methods apart.
 */
export function mixtureTarget(mixture: Mixture, gammas: Gammas): TargetKind {
  const { means, standardDeviation } = mixture;
  return {
    defaults: {
      steps: 10_000,
      batch: 100,
      packing: 1,
      learningRate: 1e-3,
      discriminatorLearningRate: 1e-3,
      decay: 'cosine',
      beta1: 0.5,
      beta2: 0.999,
      ema: 0.999,
      ...gammas,
      penaltyEvery: 4,
    },
    pictures: false,
    make: () => ({
      architecture: mlp({
        shape: [2],
        latentSize: 2,
        generator: { widths: [400, 400, 400, 400], batchNorm: true, output: 'linear' },
        discriminator: { widths: [200, 200, 200], units: maxoutUnits({ pieces: 5 }) },
      }),
      real: 'points',
      shown: SAMPLES,
      data: async (random) => gaussianMixture({ ...mixture, count: POINTS, random }),
      withFrames: (game) => ({
        ...game,
        show: (batch, random, models) => {
          const drawn = game.show!(batch, random, models) as { points: tf.Tensor2D };
          const points = drawn.points.dataSync();
          const { isHighQuality } = mixtureCoverage(points, mixture);
          const circles = { centers: means, radius: 3 * standardDeviation };
          const { data, height, width, channels } = scatterPlot(points, {
            circles,
            isMarked: (i) => !isHighQuality[i],
          });
          const pictures = tf.tensor4d(
            Float32Array.from(data, (v) => v / 127.5 - 1),
            [1, height, width, channels],
          );
          return { pictures };
        },
      }),
      async measure(generator, random) {
        const { model, sampler } = generator;
        const latents = await drawLatents(sampler, SAMPLES, random);
        const wishes = { count: SAMPLES, latents };
        const points = await drawValues(model, sampler, wishes, { batch: AT_A_TIME });
        const found = mixtureCoverage(points, { means, standardDeviation });
        return {
          modes: found.covered,
          of: means.length,
          highQuality: found.highQuality,
          divergence: found.divergence,
          samples: SAMPLES,
          counts: [...found.counts],
        };
      },
    }),
  };
}
