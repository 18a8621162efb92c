import { memberOf, type Origin, type RandomStream } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** Draws what a generator maps to samples: a tensor for each of its inputs, `[count, …]`. */
export type Prior = (count: number, random: RandomStream) => tf.Tensor | readonly tf.Tensor[];

/** The chances of a network's i-th input of latents: the first input's are the stream itself. */
export function latentStream(random: RandomStream, i: number): RandomStream {
  return i === 0 ? random : random.fork(`input-${i}`);
}

/**
 * z ~ N(0, I) for each input of a network but those that are named, in the network's order; inputs after the
 * first draw from forks of the stream.
 */
export function normalPrior(generator: tf.LayersModel, except: readonly string[] = []): Prior {
  const shapes = generator.inputs
    .filter((_, i) => !except.includes(generator.inputNames[i]!))
    .map(({ shape }) => shape.slice(1) as number[]);
  return (count, random) =>
    shapes.map((shape, i) => latentStream(random, i).normal([count, ...shape]));
}

/**
 * What a prior draws, by name: `latents`, and those of a generator's further inputs as `latents-1`,
 * `latents-2`, …
 */
export function drawLatents(prior: Prior, count: number, random: RandomStream): Origin {
  const drawn = prior(count, random);
  const inputs = drawn instanceof tf.Tensor ? [drawn] : drawn;
  return Object.fromEntries(inputs.map((input, i) => [nameOfLatents(i), input]));
}

/** The latents of an {@link Origin}, in the order of the generator's inputs. */
export function latentsOf(where: string, origin: Origin): tf.Tensor[] {
  const further = Object.keys(origin).filter((name) => name.startsWith(`${LATENTS}-`)).length;
  return Array.from({ length: further + 1 }, (_, i) => memberOf(where, origin, nameOfLatents(i)));
}

const LATENTS = 'latents';

function nameOfLatents(i: number): string {
  return i === 0 ? LATENTS : `${LATENTS}-${i}`;
}
