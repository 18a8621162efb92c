import { useBackend } from '@ganloom/backends';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it, vi } from 'vitest';
import {
  type AdversarialLoss,
  gan,
  type GanOptions,
  loadGenerator,
  memoryStore,
  uint8Dataset,
} from '../index';
import { dcgan } from '@ganloom/models';

const image = { height: 8, width: 8, channels: 1 };
const pixels = Uint8Array.from({ length: 12 * 64 }, (_, i) => (i * 37) % 256);
const data = uint8Dataset({ name: 'mine', pixels, imageShape: image });
const classed = uint8Dataset({
  name: 'mine',
  pixels,
  imageShape: image,
  labels: Array.from({ length: 12 }, (_, i) => i % 2),
  classNames: ['dark', 'bright'],
});
const architecture = dcgan({ image, latentSize: 4, filters: 4 });
const tiny = (more: Partial<GanOptions> = {}) => gan({ data, architecture, ...more });

/** WGAN's, as somebody writes it who has only read of it. */
const mine: AdversarialLoss = {
  name: 'mine',
  discriminator: (real, fake) => tf.sub(tf.mean(fake.logits), tf.mean(real.logits)) as tf.Scalar,
  generator: (fake) => tf.neg(tf.mean(fake.logits)) as tf.Scalar,
};

const drawn = async (one: { generate: Awaited<ReturnType<typeof tiny>>['generate'] }) =>
  (await one.generate({ count: 3, seed: 1 })).pictures;

describe('gan', () => {
  it('trains a loss of your own on data of your own, draws, saves, and is loaded', async () => {
    const quiet = vi.spyOn(console, 'warn');
    await useBackend();
    const before = tf.memory().numTensors;
    const whole = await tiny({ loss: mine });
    const first = await drawn(whole);
    expect(first.shape).toEqual([3, 8, 8, 1]);
    const seen: string[] = [];
    const end = await whole.train({
      steps: 4,
      batch: 4,
      onEvent: ({ type }) => void seen.push(type),
    });
    expect(end).toMatchObject({ step: 4, reason: 'steps' });
    expect(new Set(seen)).toEqual(new Set(['start', 'step', 'metrics', 'end']));
    const after = await drawn(whole);
    expect(after.data).not.toEqual(first.data);

    const store = memoryStore();
    await whole.save(store);
    expect((await store.list()).sort()).toEqual(['generator']);
    const loaded = await loadGenerator(store.within('generator'));
    expect((await drawn(loaded)).data).toEqual(after.data);
    loaded.dispose();

    // Two parts make the whole.
    const parts = await tiny({ loss: mine });
    await parts.train({ steps: 1, batch: 4 });
    expect((await parts.train({ steps: 3, batch: 4 })).step).toBe(4);
    expect((await drawn(parts)).data).toEqual(after.data);
    const other = await tiny({ loss: mine, seed: 1 });
    expect((await drawn(other)).data).not.toEqual(first.data);
    for (const one of [whole, parts, other]) one.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(quiet).not.toHaveBeenCalled();
  });

  it('learns of classes, and packs', async () => {
    const one = await tiny({ data: classed, conditioning: 'projection', cure: 'pacgan-2' });
    const end = await one.train({ steps: 1, batch: 4 });
    expect(Number.isFinite(end.losses['generator'])).toBe(true);
    const { pictures, labels } = await one.generate({ all: true, count: 3 });
    expect(pictures.shape).toEqual([6, 8, 8, 1]);
    expect([...labels!]).toEqual([0, 0, 0, 1, 1, 1]);
    one.dispose();
  });

  it('draws samples while it trains, and seeks modes', async () => {
    const one = await tiny({ cure: 'mode-seeking', loss: 'r1' });
    const [drawn, terms]: [number[], Set<string>] = [[], new Set()];
    await one.train({
      steps: 3,
      batch: 4,
      samples: { every: 2, count: 4 },
      onEvent(event) {
        if (event.type === 'samples') drawn.push(event.step);
        if (event.type === 'metrics') Object.keys(event.losses).forEach((name) => terms.add(name));
      },
    });
    expect(drawn).toEqual([2, 3]);
    expect([...terms].sort()).toEqual([
      'discriminator',
      'discriminator/r1',
      'generator',
      'generator/mode-seeking',
    ]);
    one.dispose();
  });

  it('calls classes without names by their numbers', async () => {
    const { classNames: _, ...nameless } = classed;
    const one = await tiny({ data: nameless, conditioning: 'concatenation' });
    const { labels } = await one.generate({ count: 2, all: true });
    expect([...labels!]).toEqual([0, 0, 1, 1]);
    one.dispose();
  });

  it.each<[Partial<GanOptions>, string]>([
    [{ loss: 'best' }, 'gan: loss must be one of non-saturating, minimax'],
    [{ cure: 'sleep' }, 'gan: cure must be one of none, minibatch-discrimination'],
    [{ conditioning: 'text' }, 'gan: conditioning must be one of concatenation'],
    [{ conditioning: 'projection' }, 'the data set mine has no classes; give each example a label'],
    [{ losss: 'hinge' } as object, 'gan: options must be among data, loss, terms, cure'],
    [{ seed: -1 }, 'gan: seed must be an integer of at least 0, got -1'],
  ])('refuses %o', async (more, message) => {
    await useBackend();
    const before = tf.memory().numTensors;
    await expect(tiny(more)).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('shows the discriminator what an augmentation makes', async () => {
    const seen: number[] = [];
    const augmentation = (pictures: tf.Tensor) => {
      seen.push(pictures.shape[0]!);
      return tf.neg(pictures);
    };
    const one = await tiny({ augmentation });
    await one.train({ steps: 1, batch: 4 });
    expect(seen.length).toBeGreaterThan(2);
    await expect(one.train({ step: 1 } as never)).rejects.toThrow(
      'gan.train: options must be among steps, batch',
    );
    await expect(one.generate({ coutn: 3 } as never)).rejects.toThrow(
      'generate: options must be among count, seed',
    );
    one.dispose();
  });

  it('has the data checked when it trains', async () => {
    const one = await tiny();
    await expect(one.train({ steps: 1, batch: 13 })).rejects.toThrow('at most the 12 examples');
    await expect(one.train({ steps: 0 })).rejects.toThrow('gan.train: steps');
    one.dispose();
  });
});
