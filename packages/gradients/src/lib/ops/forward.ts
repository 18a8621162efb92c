import * as tf from '@tensorflow/tfjs';
import { GanloomError, type RandomStream } from '@ganloom/core';

/** Settings of {@link forward}. */
export interface ForwardOptions {
  /** Whether layers behave as in training: batch normalization by the batch, dropout. */
  readonly training: boolean;
  /**
   * Where layers take their chances (noise, dropout, Gumbel): each call of a layer gets a fork of its own
   * as `random` among the arguments of its `call`. Without it, layers that need one say so.
   */
  readonly random?: RandomStream;
}

/**
 * What a network makes of its inputs, as `model.apply` does, with less memory and in less time: what
 * no layer needs any more is disposed as soon as that is known, where TensorFlow.js keeps it until
 * the network's end in training. A tape keeps what its gradients need. The caller disposes the output.
 *
 * @param inputs one tensor, or one for each input of the network
 * @returns one tensor, or one for each output
 * @throws GanloomError if the inputs are of another number or rank than the network's
 */
export function forward<Output extends tf.Tensor | tf.Tensor[] = tf.Tensor>(
  model: tf.LayersModel,
  inputs: tf.Tensor | readonly tf.Tensor[],
  { training, random }: ForwardOptions,
): Output {
  const given = inputs instanceof tf.Tensor ? [inputs] : inputs;
  const { calls, slots, outputs, isMasked } = scheduleOf(model);
  requireRanks(model, given);
  // Masks travel beside the tensors, and only TensorFlow.js knows how.
  if (isMasked) {
    return model.apply(given.length === 1 ? given[0]! : [...given], { training, random }) as Output;
  }
  return tf.tidy(() => {
    const values = Array<tf.Tensor | undefined>(slots);
    given.forEach((tensor, i) => {
      const { dtype } = model.inputs[i]!;
      values[i] = tensor.dtype === dtype ? tensor : tf.cast(tensor, dtype);
    });
    for (const [i, { layer, from, to, last }] of calls.entries()) {
      const seen = from.map((slot) => values[slot]!);
      // By its place: names of layers count what the process has made before.
      const chances = random && {
        // Most layers want none, and a fork takes its time.
        get random() {
          return random.fork(`layer-${i}`);
        },
      };
      const made = run(layer, seen, Object.assign(chances ?? {}, { training }));
      // Each is disposed on its own, and not what others have: a layer may return what it got or keeps.
      to.forEach((slot, i) => {
        const tensor = made[i]!;
        const isNew = made.indexOf(tensor) === i && !seen.includes(tensor);
        values[slot] = isNew && !isHeld(tensor) ? tensor : tf.clone(tensor);
      });
      for (const slot of last) {
        values[slot]!.dispose();
        values[slot] = undefined;
      }
    }
    // An input of the network stays the caller's.
    const results = outputs.map((slot) =>
      slot < given.length ? tf.clone(values[slot]!) : values[slot]!,
    );
    return (results.length === 1 ? results[0]! : results) as Output;
  });
}

function run(layer: tf.layers.Layer, inputs: tf.Tensor[], options: ForwardOptions): tf.Tensor[] {
  const result =
    layer instanceof tf.LayersModel
      ? forward<tf.Tensor | tf.Tensor[]>(layer, inputs, options)
      : (layer.apply(inputs, options as object) as tf.Tensor | tf.Tensor[]);
  return Array.isArray(result) ? result : [result];
}

/** Whether somebody has asked that the tensor outlives a `tidy`. */
function isHeld(tensor: tf.Tensor): boolean {
  return tensor instanceof tf.Variable || (tensor as unknown as { kept: boolean }).kept;
}

/** One layer's turn; tensors are numbered. */
interface Call {
  readonly layer: tf.layers.Layer;
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** Those that nobody needs after it, and that are neither inputs nor outputs of the network. */
  readonly last: readonly number[];
}

/** A network's layers in an order in which they can be computed. The inputs have the first numbers. */
interface Schedule {
  readonly calls: readonly Call[];
  readonly slots: number;
  readonly outputs: readonly number[];
  readonly isMasked: boolean;
  /** The output that the network had then: a sequential one may get more layers. */
  readonly of: tf.SymbolicTensor;
}

const schedules = new WeakMap<tf.LayersModel, Schedule>();

function scheduleOf(model: tf.LayersModel): Schedule {
  const found = schedules.get(model);
  if (found && found.of === model.outputs[0]) return found;
  const made = makeSchedule(model);
  schedules.set(model, made);
  return made;
}

/** What symbolic tensors and layers hold, and do not declare for others. */
interface Node {
  readonly inputTensors: readonly tf.SymbolicTensor[];
  readonly outputTensors: readonly tf.SymbolicTensor[];
}

function makeSchedule(model: tf.LayersModel): Schedule {
  const numbers = new Map<tf.SymbolicTensor, number>();
  const number = (tensor: tf.SymbolicTensor) => {
    if (!numbers.has(tensor)) numbers.set(tensor, numbers.size);
    return numbers.get(tensor)!;
  };
  model.inputs.forEach(number);
  const calls: { layer: tf.layers.Layer; from: number[]; to: number[]; last: number[] }[] = [];
  const visit = (tensor: tf.SymbolicTensor): void => {
    if (numbers.has(tensor)) return;
    const { sourceLayer: layer, nodeIndex } = tensor;
    const { inputTensors, outputTensors } = layer.inboundNodes[nodeIndex!] as unknown as Node;
    inputTensors.forEach(visit);
    const to = outputTensors.map(number);
    calls.push({ layer, from: inputTensors.map(number), to, last: [] });
  };
  model.outputs.forEach(visit);

  const outputs = model.outputs.map(number);
  const lasting = new Set([...model.inputs.map(number), ...outputs]);
  const done = new Set<number>();
  for (const call of calls.toReversed()) {
    // Outputs that nobody reads have their end where they are made.
    for (const slot of new Set([...call.from, ...call.to])) {
      if (lasting.has(slot) || done.has(slot)) continue;
      done.add(slot);
      call.last.push(slot);
    }
  }
  const isMasked = calls.some(({ layer }) => makesMask(layer));
  return { calls, slots: numbers.size, outputs, isMasked, of: model.outputs[0]! };
}

function makesMask(layer: tf.layers.Layer): boolean {
  const { maskZero } = layer as unknown as { maskZero?: boolean };
  return layer.getClassName() === 'Masking' || maskZero === true;
}

function requireRanks(model: tf.LayersModel, given: readonly tf.Tensor[]): void {
  const fits =
    given.length === model.inputs.length &&
    model.inputs.every(({ rank }, i) => given[i]!.rank === rank);
  if (fits) return;
  const list = (shapes: (readonly (number | null)[])[]) =>
    shapes.map((shape) => `[${shape.join(',')}]`).join(', ');
  throw new GanloomError(
    `forward: the network "${model.name}" takes ${list(model.inputs.map(({ shape }) => shape))}, ` +
      `got ${list(given.map(({ shape }) => shape))}; the first dimension is the batch`,
  );
}
