import { type RandomStream, requireIntegers, UsageError } from '@ganloom/core';
import { labelRows } from '@ganloom/conditional';
import * as tf from '@tensorflow/tfjs';

/** One class of several, or so many numbers in [−1, 1). */
export type CodeShape = { readonly classes: number } | { readonly size: number };

/** What a generator is told beside its noise, by name. */
export type Codes = Readonly<Record<string, CodeShape>>;

/** Codes of a batch by name: classes int32 `[batch]`, numbers `[batch, size]`. */
export type DrawnCodes = Readonly<Record<string, tf.Tensor>>;

/** Numbers that the codes are together, classes as one-hot rows. */
export function sizeOfCodes(codes: Codes): number {
  return sizesOf(codes).reduce((sum, size) => sum + size, 0);
}

/**
 * Codes by chance, each from a fork of its name.
 *
 * @param first classes of the first code that has some, instead of drawn ones
 */
export function drawCodes(
  codes: Codes,
  count: number,
  random: RandomStream,
  first?: (classes: number) => Int32Array,
): DrawnCodes {
  const named = firstOfClasses(codes);
  const draw = ([name, code]: [string, CodeShape]): [string, tf.Tensor] => {
    const chances = random.fork(name);
    if (!('classes' in code)) return [name, chances.uniform([count, code.size], -1, 1)];
    const { classes } = code;
    const drawn = first && name === named ? first(classes) : chances.integers(count, classes);
    return [name, tf.tensor1d(drawn, 'int32')];
  };
  return Object.fromEntries(Object.entries(codes).map(draw));
}

/** Drawn codes whose first one of classes has a class per row of a square grid. */
export function codeRows(codes: Codes, count: number, random: RandomStream): DrawnCodes {
  return drawCodes(codes, count, random, (classes) => labelRows(count, classes));
}

/** What a generator takes, `[batch, noise + codes]`. */
export function withCodes(codes: Codes, noise: tf.Tensor, drawn: DrawnCodes): tf.Tensor {
  const rows = Object.entries(codes).map(([name, code]) => {
    const given = drawn[name]!;
    return 'classes' in code ? tf.cast(tf.oneHot(given, code.classes), 'float32') : given;
  });
  return tf.concat([noise, ...rows], 1);
}

/** Predictions as `categoricalCode` and `gaussianCode` look for them, of packs too. */
export function splitPredictions(codes: Codes, predicted: tf.Tensor): DrawnCodes {
  const degree = predicted.shape.at(-1)! / sizeOfCodes(codes);
  const parts = tf.split(
    predicted,
    sizesOf(codes).map((size) => degree * size),
    -1,
  );
  const nameOf = ([name, code]: [string, CodeShape]) =>
    `${name}${'classes' in code ? 'Logits' : 'Mean'}`;
  return Object.fromEntries(Object.entries(codes).map((one, i) => [nameOf(one), parts[i]!]));
}

/** @throws UsageError if there is no code, one is empty, or one has a name that the game uses. */
export function requireCodes(codes: Codes, taken: readonly string[]): void {
  const names = Object.keys(codes);
  if (names.length === 0) {
    const example = '{ category: { classes: 10 } }';
    throw new UsageError(`infoGame: codes must name at least one, such as ${example}, got none`);
  }
  const twice = names.find((name) => taken.includes(name));
  if (twice !== undefined) {
    throw new UsageError(`infoGame: a code must not be called "${twice}"; take another name`);
  }
  for (const [name, code] of Object.entries(codes)) {
    if ('classes' in code) {
      requireIntegers('infoGame', { [`classes of "${name}"`]: code.classes }, { min: 2 });
    } else {
      requireIntegers('infoGame', { [`size of "${name}"`]: code.size }, { min: 1 });
    }
  }
}

function firstOfClasses(codes: Codes): string | undefined {
  return Object.keys(codes).find((name) => 'classes' in codes[name]!);
}

function sizesOf(codes: Codes): number[] {
  return Object.values(codes).map((code) => ('classes' in code ? code.classes : code.size));
}
