import { RandomStream } from '@ganloom/core';
import { disposeVariant, tinyData, tinyVariant } from '@ganloom/tiny-gan';
import { runTraining, train } from '@ganloom/training';
import { getText, memoryStore, putText, type Store } from '@ganloom/storage';
import sharp from 'sharp';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readMetrics } from './metrics-rows';
import { dropMetricsAfter, metricsSink } from './metrics-sink';
import { samplesSink } from './samples-sink';
import { summarySink } from './summary-sink';

beforeAll(async () => void (await tf.setBackend('cpu')));

let run: Store;
beforeEach(() => {
  run = memoryStore('run');
});

describe('sinks', () => {
  it('write a line of metrics at each logged step', async () => {
    const sink = metricsSink(run);
    await sink({ type: 'start', step: 0, steps: 2, batchSize: 8, drawsSamples: false });
    for (const step of [1, 2]) {
      await sink({ type: 'step', step, seconds: 1 });
      await sink({
        type: 'metrics',
        step,
        seconds: 1,
        losses: { generator: step / 2 },
        statistics: {},
      });
    }
    expect(await getText(run, 'metrics.jsonl')).toBe(
      '{"step":1,"seconds":1,"losses":{"generator":0.5},"statistics":{}}\n' +
        '{"step":2,"seconds":1,"losses":{"generator":1},"statistics":{}}\n',
    );
  });

  it('draw samples as PNG, small ones enlarged', async () => {
    const data = Uint8Array.from({ length: 4 * 28 * 28 }, (_, i) => i % 256);
    await samplesSink(run)({
      type: 'samples',
      step: 50,
      samples: { kind: 'pictures', data, shape: [4, 28, 28, 1] },
    });
    const png = sharp(await run.get('samples/step-000050.png'));
    expect(await png.metadata()).toMatchObject({
      width: 114,
      height: 114,
      channels: 1,
      format: 'png',
    });
    // Greyscale goes through unchanged: each pixel is a 2×2 square.
    const pixels = await png.extractChannel(0).raw().toBuffer();
    expect([0, 2, 4].map((x) => pixels[x])).toEqual([0, 1, 2]);
    expect(pixels[58]).toBe(784 % 256);
  });

  it('draw samples of a training that draws some, and say at its start if it draws none', async () => {
    const variant = tinyVariant();
    const options = { steps: 2, batchSize: 8, random: RandomStream.fromSeed(1) };
    const trained = async (what: typeof variant, more: object = {}) => {
      const said: string[] = [];
      await runTraining(train(what, tinyData(), { ...options, ...more }), [samplesSink(run)], {
        onSinkError: (error, { type }) => said.push(`${type}: ${(error as Error).message}`),
      });
      return said;
    };
    const samples = { every: 2, count: 4 };
    expect(await trained(variant, { samples })).toEqual([]);
    expect(await run.list('samples')).toEqual(['step-000002.png']);
    const message =
      'start: samplesSink: the training must draw samples, got one without; give train ' +
      '`samples: { every: 500, count: 100 }`, and a game that has `show`';
    expect(await trained(variant)).toEqual([message]);
    const { show: _, ...game } = variant.game;
    expect(await trained({ ...variant, game }, { samples })).toEqual([message]);
    disposeVariant(variant);
  });

  it('write the summary at the end', async () => {
    await summarySink(run)({
      type: 'end',
      step: 7,
      seconds: 2,
      imagesPerSecond: 28,
      reason: 'interrupted',
      losses: { generator: 1 },
    });
    expect(JSON.parse((await getText(run, 'summary.json'))!)).toEqual({
      reason: 'interrupted',
      steps: 7,
      seconds: 2,
      imagesPerSecond: 28,
      losses: { generator: 1 },
    });
  });
});

it('dropMetricsAfter drops later lines, and one that a kill cut off', async () => {
  await dropMetricsAfter(run, 5);
  expect(await run.list()).toEqual([]);
  const line = (step: number) => `{"step":${step},"losses":{"generator":0.1}}\n`;
  await putText(run, 'metrics.jsonl', line(1) + line(5) + line(6) + '{"step":7,"lo');
  expect((await readMetrics(run)).map(({ step }) => step)).toEqual([1, 5, 6]);
  await dropMetricsAfter(run, 5);
  expect(await getText(run, 'metrics.jsonl')).toBe(line(1) + line(5));
  // A whole line that was only not ended may be a cut-off number.
  await putText(run, 'metrics.jsonl', line(1) + '{"step":2}');
  await dropMetricsAfter(run, 5);
  expect(await getText(run, 'metrics.jsonl')).toBe(line(1));
});
