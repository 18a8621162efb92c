import { useBackend } from '@ganloom/backends';
import { type Batch, type Dataset, RandomStream } from '@ganloom/core';
import { growingPlan, weightsIn, weightsOf, picturesShown } from '@ganloom/tiny-gan';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { play } from '../../../test/tiny-games';
import { exponentialMovingAverage } from '../exponential-moving-average';
import { trainingState } from '../training-state';

beforeAll(async () => void (await useBackend('wasm', { threads: 1 })));

const STEPS = [4, 6] as const;

const growing = (steps: readonly [number, number] = STEPS) =>
  growingPlan(RandomStream.fromSeed(1), steps);
type Growing = ReturnType<typeof growing>;

const allWeights = ({ stages }: Growing) => stages.map(({ variant }) => weightsOf(variant));

/** Checked pictures of 4×4, each tone at its place, darker from picture to picture. */
const data: Dataset = {
  name: 'checks',
  size: 32,
  shapes: { images: [4, 4, 1] },
  batch: (indices): Batch => ({
    images: tf.tensor4d(
      Array.from(indices).flatMap((i) =>
        Array.from({ length: 16 }, (_, pixel) => (pixel % 2 ? 0.2 : -0.2) + (16 - i) / 40),
      ),
      [indices.length, 4, 4, 1],
    ),
  }),
};

it('goes on from the layers that the smaller networks learned', async () => {
  const alone = growing();
  const start = alone.shared.map(weightsIn);
  await play([alone.stages[0]], data, {});
  const learned = alone.shared.map(weightsIn);
  learned.forEach((now, i) => expect(now).not.toEqual(start[i]));

  const plan = growing();
  let stages = 0;
  await play(plan.stages, data, {}, (event) => {
    if (event.type !== 'stage' || (stages += 1) !== 2) return;
    expect(plan.shared.map(weightsIn)).toEqual(learned);
  });
  expect(stages).toBe(2);
  plan.shared.forEach((layer, i) => expect(weightsIn(layer)).not.toEqual(learned[i]));
  for (const one of [alone, plan]) one.dispose();
});

it('fades the new layers in, from nothing to all', async () => {
  const plan = growing();
  const shares: number[] = [];
  const drawn: number[][] = [];
  const { game } = plan.stages[1].variant;
  const { share } = game.state!;
  const draw = (of: Growing['stages'][number]['variant']['game']) =>
    tf.tidy(() => {
      return picturesShown(of, data.batch([0, 1]) as Batch, RandomStream.fromSeed(3));
    });
  const doubled = (small: tf.Tensor4D) =>
    tf.tidy(() => small.resizeNearestNeighbor([4, 4]).dataSync());
  await play(plan.stages, data, {}, ({ type, step }) => {
    if (type === 'stage' && step === STEPS[0]) {
      const [small, large] = plan.stages.map(({ variant }) => draw(variant.game));
      drawn.push([...doubled(small!)], [...large!.dataSync()]);
      tf.dispose([small, large]);
    }
    if (type === 'step' && step > STEPS[0]) shares.push(share!.dataSync()[0]!);
  });
  expect(drawn[1]).toEqual(drawn[0]);
  const third = expect.closeTo(1 / 3, 6) as number;
  expect(shares).toEqual([third, expect.closeTo(2 / 3, 6), 1, 1, 1, 1]);
  plan.dispose();
});

it('draws pictures of the size of its stage, from averaged networks too', async () => {
  const plan = growing();
  const { smallGenerator, largeGenerator } = plan;
  const ema = await exponentialMovingAverage({ small: smallGenerator, large: largeGenerator });
  for (const average of [{}, { ema }]) {
    const events = await play(plan.stages, data, { samples: { every: 2, count: 3 }, ...average });
    const drawn = events.flatMap((event) =>
      event.type === 'samples' ? [`${event.stage} ${event.samples.shape}`] : [],
    );
    const [small, large] = ['small 3,2,2,1', 'large 3,4,4,1'];
    expect(drawn).toEqual([small, small, large, large, large]);
  }
  ema.dispose();
  plan.dispose();
});

it('resumes in the middle of the later stage with the same bits', async () => {
  const whole = growing();
  await play(whole.stages, data, {});

  const first = growing();
  const middle = 7;
  let saved: Record<string, tf.Tensor> = {};
  await play(first.stages, data, {}, ({ type, step }) => {
    if (type !== 'step' || step !== middle) return;
    const tensors = trainingState(first.stages).tensors(middle);
    saved = Object.fromEntries(Object.entries(tensors).map(([name, one]) => [name, one.mul(1)]));
  });

  const resume = async (restores: boolean) => {
    const plan = growing();
    if (restores) trainingState(plan.stages).restore(middle, saved);
    await play(plan.stages, data, { done: { step: middle, seconds: 0 } });
    const weights = allWeights(plan);
    plan.dispose();
    return weights;
  };
  expect(await resume(true)).toEqual(allWeights(whole));
  expect(await resume(false)).not.toEqual(allWeights(whole));
  tf.dispose(saved);
  for (const one of [whole, first]) one.dispose();
});

it('leaves no tensor over', async () => {
  const before = tf.memory().numTensors;
  const plan = growing([2, 2]);
  await play(plan.stages, data, { samples: { every: 2, count: 3 } });
  plan.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
