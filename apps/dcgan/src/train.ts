import { useBackend } from '@ganloom/backends';
import { type Batch, latentGame, RandomStream, type Variant } from '@ganloom/core';
import { dcganDiscriminator, dcganGenerator } from '@ganloom/models';
import { adam, exponentialMovingAverage, runTraining, type Sink, train } from '@ganloom/training';
import {
  createRunFolder,
  EXIT,
  interruptSignal,
  metricsSink,
  progressSink,
  samplesSink,
  saveModel,
  summarySink,
  writeJson,
} from '@ganloom/training/node';
import type * as tf from '@tensorflow/tfjs';
import { version } from '../package.json';
import type { DatasetChoice } from './dataset';
import { losses } from './losses';

export interface TrainSettings {
  readonly out: string;
  readonly dataset: DatasetChoice;
  readonly steps: number;
  readonly batch: number;
  readonly seed: number;
  readonly loss: string;
  readonly latent: number;
  readonly filters: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly ema: number;
  readonly sampleEvery: number;
  readonly logEvery: number;
  readonly backend: string;
  readonly threads?: number;
}

/** Trains a DCGAN (Radford, Metz and Chintala 2015, arXiv 1511.06434) and saves its generator. */
export async function trainRun(settings: TrainSettings): Promise<number> {
  const { steps, latent: latentSize, filters, learningRate, beta1, threads } = settings;

  // First, so that nobody waits for a training that has no place to go.
  const run = await createRunFolder(settings.out);
  const backend = await useBackend(settings.backend, { ...(threads && { threads }) });
  const data = await settings.dataset.load();
  const image = data.imageShape;

  const random = RandomStream.fromSeed(settings.seed);
  const game = latentGame({
    generator: dcganGenerator({ image, latentSize, filters, random: random.fork('generator') }),
    discriminator: dcganDiscriminator({ image, filters, random: random.fork('discriminator') }),
  });
  const variant: Variant<Batch, tf.Tensor> = {
    name: 'dcgan',
    game,
    loss: losses[settings.loss]!(),
    optimizers: {
      generator: adam({ learningRate, beta1 }),
      discriminator: adam({ learningRate, beta1 }),
    },
  };
  const { models } = game.generator;
  const ema =
    settings.ema > 0 ? await exponentialMovingAverage(models, { decay: settings.ema }) : undefined;

  const config = {
    app: 'dcgan',
    settings: { ...settings, dataset: settings.dataset.name },
    data: { name: data.name, size: data.size, image },
    backend,
    versions: { ganloom: version, node: process.versions.node, ...backend.versions },
  };
  const writeConfig: Sink = async ({ type }) => {
    if (type === 'start') await writeJson(run.config, config);
  };
  const size = `${image.height}×${image.width}×${image.channels}`;
  const cores = backend.threads ? `, ${backend.threads} thread(s)` : '';
  console.error(`${data.size} pictures of ${size}: ${data.name}; ${backend.device}${cores}`);

  const interrupt = interruptSignal();
  const end = await runTraining(
    train(variant, data, {
      steps,
      batchSize: settings.batch,
      random: random.fork('training'),
      ...(ema && { ema }),
      samples: { every: settings.sampleEvery, count: 100 },
      log: { every: settings.logEvery },
      signal: interrupt.signal,
    }),
    [
      writeConfig,
      progressSink(),
      metricsSink(run.metrics),
      samplesSink(run.samples),
      summarySink(run.summary),
    ],
  );
  await saveModel((ema?.models ?? models)['generator']!, run.generator);
  interrupt.dispose();

  console.log(
    `${end.step} steps in ${end.seconds.toFixed(1)} s (${end.imagesPerSecond.toFixed(0)} pictures/s)\n` +
      `samples:   ${run.samples}\ngenerator: ${run.generator}`,
  );
  return end.reason === 'interrupted' ? EXIT.interrupted : EXIT.done;
}
