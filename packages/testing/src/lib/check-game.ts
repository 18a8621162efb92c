import {
  type Batch,
  type Critique,
  type Game,
  mapSample,
  type Origin,
  RandomStream,
  type Sample,
  sumOf,
} from '@ganloom/core';
import { installGradients, variableGradients } from '@ganloom/gradients';
import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { unchanged } from './unchanged';

type Side = 'generator' | 'discriminator';

/**
 * What holds for every game:
 * - there are as many fakes as the batch has examples, and a logit or a map of them for each pack; real
 *   and fake logits have one shape, and so have tensors that both samples have;
 * - the same stream gives the same bits, and critiques are finite;
 * - fakes are made from each member of the origin, if the game says what that is: by default from that of the
 *   stream;
 * - gradients reach every trainable variable of both sides: those of the discriminator by critiques, those
 *   of the generator by fakes, their critiques, and what networks of its side show as real;
 * - statistics are scalars of the state, which stays finite when the game is told critiques;
 * - what it shows, if it shows something, is finite, pictures or points, drawn by the given networks,
 *   and leaves weights as they are;
 * - no tensor is left over.
 *
 * Weights and state are afterwards what they were.
 *
 * @param batch on the current backend; the caller disposes it
 */
export function checkGame<S extends Sample>(game: Game<S>, batch: Batch): void {
  installGradients();
  const remembered = [...weightsOf(game), ...Object.values(game.state ?? {})];
  const once = <T>(fn: () => T): T => unchanged(remembered, fn);
  checkParts(game);
  once(() => tf.tidy(() => checkEncounter(game, batch)));
  const [first, second] = [0, 1].map(() => once(() => tf.tidy(() => bitsOf(game, batch))));
  expect(second, 'the same stream gives the same bits').toEqual(first);
  once(() => tf.tidy(() => checkOrigin(game, batch)));
  for (const side of ['discriminator', 'generator'] as const) {
    once(() => tf.tidy(() => checkGradients(game, batch, side)));
  }
  once(() => tf.tidy(() => checkObserve(game, batch)));
  once(() => tf.tidy(() => checkShow(game, batch)));
  // Layers have made by now what they keep.
  expectNoLeak(() => once(() => tf.tidy(() => void bitsOf(game, batch))));
}

/** An encounter by a fixed stream. */
function meet<S extends Sample>(game: Game<S>, batch: Batch) {
  const random = RandomStream.fromSeed(1);
  const [real, fake] = [game.real(batch), game.fake(batch, random.fork('fake'))];
  const critique = (sample: S, name: string) => game.critique(sample, batch, random.fork(name));
  return { real, fake, onReal: critique(real, 'real'), onFake: critique(fake, 'on-fake') };
}

function checkParts<S extends Sample>(game: Game<S>): void {
  expect(game.name).not.toBe('');
  for (const side of ['generator', 'discriminator'] as const) {
    expect(Object.keys(game[side].models), `models of the ${side}`).not.toEqual([]);
  }
  const state = Object.values(game.state ?? {}) as tf.Tensor[];
  for (const [name, scalar] of Object.entries(game.statistics ?? {})) {
    expect(scalar.shape, `the statistic ${name}`).toEqual([]);
    expect(state.includes(scalar), `the statistic ${name} is part of the state`).toBe(true);
  }
}

function checkEncounter<S extends Sample>(game: Game<S>, batch: Batch): void {
  const random = RandomStream.fromSeed(1);
  const [real, fake] = [game.real(batch), game.fake(batch, random.fork('fake'))];
  const count = Object.values(batch)[0]!.shape[0]!;
  const [reals, fakes] = [membersOf(real), membersOf(fake)];
  for (const [name, tensor] of [...Object.entries(reals), ...Object.entries(fakes)]) {
    expect(tensor.shape[0], `examples of ${name} in a sample`).toBe(count);
  }
  for (const [name, tensor] of Object.entries(reals)) {
    if (name in fakes) expect(fakes[name]!.shape, `fakes of ${name}`).toEqual(tensor.shape);
  }
  const { onReal, onFake } = meet(game, batch);
  const packs = count / (game.packDegree ?? 1);
  expect(onReal.logits.shape[0], 'logits of real samples').toBe(packs);
  expect(onFake.logits.shape, 'logits of fakes').toEqual(onReal.logits.shape);
  for (const critique of [onReal, onFake]) {
    for (const [name, output] of Object.entries(critique)) expectFinite(output, name);
  }
}

/** Weights may move in training mode, so that fakes that are compared begin with the same. */
function checkOrigin<S extends Sample>(game: Game<S>, batch: Batch): void {
  if (!game.origin) return;
  const count = Object.values(batch)[0]!.shape[0]!;
  const stream = () => RandomStream.fromSeed(1).fork('fake');
  const [origin, other] = [
    game.origin(batch, stream()),
    game.origin(batch, RandomStream.fromSeed(2)),
  ];
  for (const [name, tensor] of Object.entries(origin)) {
    expect(tensor.shape[0], `rows of ${name} of the origin`).toBe(count);
  }
  const remembered = [...weightsOf(game), ...Object.values(game.state ?? {})];
  const valuesOf = (from?: Origin, except: readonly string[] = []) =>
    unchanged(remembered, () =>
      Object.entries(membersOf(game.fake(batch, stream(), from)))
        .filter(([name]) => !except.includes(name))
        .map(([, x]) => [...x.dataSync()]),
    );
  const byDefault = valuesOf();
  expect(valuesOf(origin), 'fakes of the origin of the stream').toEqual(byDefault);
  const names = Object.keys(origin);
  // Conditions of the batch are the same for every stream.
  const drawn = names.filter(
    (name) => !tf.util.arraysEqual(origin[name]!.dataSync(), other[name]!.dataSync()),
  );
  expect(drawn, 'members of the origin that another stream draws otherwise').not.toEqual([]);
  // What is handed through from the origin differs without being made from it.
  const made = valuesOf(origin, names);
  for (const name of drawn) {
    const changed = { ...origin, [name]: other[name]! };
    expect(valuesOf(changed, names), `fakes of another origin: other ${name}`).not.toEqual(made);
  }
}

/** All that an encounter gives, in numbers. */
function bitsOf<S extends Sample>(game: Game<S>, batch: Batch): number[][] {
  const { real, fake, onReal, onFake } = meet(game, batch);
  const shown = game.show?.(batch, RandomStream.fromSeed(2), game.generator.models) ?? {};
  return [membersOf(real), membersOf(fake), onReal, onFake, shown].flatMap((part) =>
    Object.values(part as Readonly<Record<string, tf.Tensor>>).map((x) => [...x.dataSync()]),
  );
}

function checkGradients<S extends Sample>(game: Game<S>, batch: Batch, side: Side): void {
  const models = Object.entries(game[side].models);
  const named = models.flatMap(([name, model]) =>
    model.trainableWeights.map((weight) => ({
      name: `${name}/${weight.originalName}`,
      variable: weight.read() as tf.Variable,
    })),
  );
  expect(named.length, `trainable variables of the ${side}`).toBeGreaterThan(0);
  const { grads } = variableGradients(
    () => {
      const { real, fake, onReal, onFake } = meet(game, batch);
      const parts = side === 'discriminator' ? [onReal, onFake] : [real, fake, onReal, onFake];
      return sumOfSquares(parts);
    },
    named.map(({ variable }) => variable),
  );
  for (const { name, variable } of named) {
    const gradient = grads[variable.name];
    expect(gradient, `a gradient of ${name} of the ${side}`).toBeDefined();
    expectFinite(gradient!, `the gradient of ${name}`);
  }
}

/** Something that every value of these matters to. */
function sumOfSquares(parts: readonly (Sample | Critique)[]): tf.Scalar {
  const all = parts.flatMap((part) => Object.values(membersOf(part)));
  const floats = all.filter(({ dtype }) => dtype === 'float32');
  return sumOf(floats.map((x) => tf.sum(tf.square(x)))) as tf.Scalar;
}

function checkObserve<S extends Sample>(game: Game<S>, batch: Batch): void {
  const { onReal, onFake } = meet(game, batch);
  game.observe?.(onReal, onFake);
  for (const [name, variable] of Object.entries(game.state ?? {})) {
    expectFinite(variable, `the state ${name}`);
  }
}

function checkShow<S extends Sample>(game: Game<S>, batch: Batch): void {
  if (!game.show) return;
  const weights = weightsOf(game);
  const values = () => weights.map((weight) => [...weight.dataSync()]);
  const before = values();
  const random = () => RandomStream.fromSeed(2);
  const shown = game.show(batch, random(), game.generator.models);
  expect(values(), 'weights after show').toEqual(before);
  const tensor = 'pictures' in shown ? shown.pictures : shown.points;
  expect(tensor.rank, 'the rank of what is shown').toBe('pictures' in shown ? 4 : 2);
  expectFinite(tensor, 'what is shown');
  const drawsWithoutNetworks = () => {
    try {
      return game.show!(batch, random(), {}) !== undefined;
    } catch {
      return false;
    }
  };
  expect(drawsWithoutNetworks(), 'show draws without the networks it is to be given').toBe(false);
}

function membersOf(sample: Sample | Critique): Readonly<Record<string, tf.Tensor>> {
  const members: Record<string, tf.Tensor> = {};
  mapSample(sample, (tensor, name = 'the sample') => (members[name] = tensor));
  return members;
}

function weightsOf<S extends Sample>({ generator, discriminator }: Game<S>): tf.Variable[] {
  const models = [generator, discriminator].flatMap((player) => Object.values(player.models));
  return models.flatMap((model) => model.weights.map((weight) => weight.read() as tf.Variable));
}

function expectFinite(tensor: tf.Tensor, name: string): void {
  const bad = Array.from(tensor.dataSync()).find((value) => !Number.isFinite(value));
  expect(bad, `a value of ${name} that is not finite`).toBeUndefined();
}
