import { RandomStream, requireKnown, type Sampler, UsageError } from '@ganloom/core';
import { labelRows } from '@ganloom/conditional';
import type { Pictures } from '@ganloom/images';
import type * as tf from '@tensorflow/tfjs';
import { classNamed } from './class-named';
import { classesOf, withClassNames } from './class-names';
import { drawLatents, drawPictures, type DrawOptions, type Wishes } from './draw';
import { interpolate } from './interpolate';

/** Settings of {@link generate}. */
export interface GenerateOptions extends Omit<DrawOptions, 'random'> {
  /** Pictures, or those in a row; default 100, or 10 in a row. */
  readonly count?: number | undefined;
  /** Other pictures for another seed; default 0. */
  readonly seed?: number;
  /** The class to draw, by its name, or by its index from 0; default: each in turn. */
  readonly label?: string | number | undefined;
  /** A row for each class, of the same latents. */
  readonly all?: boolean;
  /** From one latent to another, in a row, or the row of each class. */
  readonly interpolate?: boolean;
}

const known = {
  count: true,
  seed: true,
  label: true,
  all: true,
  interpolate: true,
  batch: true,
  onProgress: true,
} satisfies Record<keyof GenerateOptions, true>;

/** Pictures, and what they were asked for. */
export interface Generated {
  readonly pictures: Pictures;
  /** The classes that were asked for. */
  readonly labels?: Int32Array;
  /** How many make a row, where rows were asked for. */
  readonly columns?: number;
}

/**
 * What is asked of a generator, before anything is drawn.
 *
 * @throws UsageError if the wishes contradict each other, or the generator has no classes to name.
 */
export function planGenerate(sampler: Sampler, options: GenerateOptions): PlannedGenerate {
  const { classNames } = withClassNames(sampler, sampler.classNames);
  const { count, inRows } = countOf(options);
  const { all = false } = options;
  if (all && options.label !== undefined) {
    throw new UsageError('generate: all draws every class and label one; leave one of them out');
  }
  if (!classNames && (all || options.label !== undefined)) {
    throw new UsageError('generate: the generator has no classes; leave out label and all');
  }
  const label = options.label === undefined ? undefined : classNamed(options.label, classNames!);
  return { count, inRows, label, ...(inRows && { columns: count }) };
}

/** How many pictures, or how many in a row. */
export function countOf(options: GenerateOptions): Pick<PlannedGenerate, 'count' | 'inRows'> {
  const inRows = options.all || options.interpolate || false;
  return { count: options.count ?? (inRows ? 10 : 100), inRows };
}

export interface PlannedGenerate {
  readonly count: number;
  readonly inRows: boolean;
  readonly label: number | undefined;
  readonly columns?: number;
}

/** Draws with a generator what it is asked for. Leaves no tensor over. */
export async function generate(
  generator: tf.LayersModel,
  sampler: Sampler,
  options: GenerateOptions = {},
): Promise<Generated> {
  requireKnown('generate', options, known);
  const planned = planGenerate(sampler, options);
  const random = RandomStream.fromSeed(options.seed ?? 0).fork('generate');
  const wishes = await wishesOf(sampler, planned, options.interpolate ?? false, random);
  const pictures = await drawPictures(generator, sampler, wishes, {
    ...options,
    random: random.fork('layers'),
  });
  const { labels } = wishes;
  return {
    pictures,
    ...(labels && { labels }),
    ...(planned.columns !== undefined && { columns: planned.columns }),
  };
}

async function wishesOf(
  sampler: Sampler,
  { count, inRows, label }: PlannedGenerate,
  isWalk: boolean,
  random: RandomStream,
): Promise<Wishes> {
  const classes = classesOf(sampler);
  if (!inRows) {
    const latents = await drawLatents(sampler, count, random);
    if (classes === 0) return { count, latents };
    const labels =
      label === undefined ? labelRows(count, classes) : new Int32Array(count).fill(label);
    return { count, latents, labels };
  }
  const ends = await drawLatents(sampler, isWalk ? 2 : count, random);
  const row = isWalk ? ends.map((latents) => walk(latents, count)) : ends;
  if (classes === 0) return { count, latents: row };
  const chosen = label === undefined ? Array.from({ length: classes }, (_, i) => i) : [label];
  return {
    count: count * chosen.length,
    latents: row.map((latents) => repeated(latents, chosen.length)),
    labels: Int32Array.from(chosen.flatMap((one) => Array<number>(count).fill(one))),
  };
}

/** The way from the first to the second of two latents. */
function walk(latents: Float32Array, count: number): Float32Array {
  const size = latents.length / 2;
  const steps = interpolate(latents.subarray(0, size), latents.subarray(size), count);
  const all = new Float32Array(count * size);
  steps.forEach((one, i) => all.set(one, i * size));
  return all;
}

function repeated(values: Float32Array, times: number): Float32Array {
  const all = new Float32Array(values.length * times);
  for (let i = 0; i < times; i++) all.set(values, i * values.length);
  return all;
}
