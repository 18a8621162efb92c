import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installGradients } from '../install-gradients';
import { forward } from './forward';

beforeAll(async () => {
  await tf.setBackend('cpu');
  installGradients();
});

type Symbolic = tf.SymbolicTensor;
const { add, dense, dropout, activation, batchNormalization, concatenate } = tf.layers;
const of = (layer: tf.layers.Layer, ...inputs: Symbolic[]) =>
  layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as Symbolic;

/** Weights that are not all alike, the same each time. */
function filled(model: tf.LayersModel): tf.LayersModel {
  tf.tidy(() =>
    model.setWeights(
      model.weights.map(({ shape, name }, n) =>
        /variance/.test(name)
          ? tf.ones(shape as number[])
          : tf.tensor(
              Float32Array.from({ length: tf.util.sizeFromShape(shape as number[]) }, (_, i) =>
                Math.sin(1.3 * i + n),
              ),
              shape as number[],
            ),
      ),
    ),
  );
  return model;
}

const sequential = () =>
  filled(
    tf.sequential({
      layers: [
        dense({ units: 4, inputShape: [3], activation: 'tanh' }),
        batchNormalization(),
        dense({ units: 3 }),
      ],
    }),
  );

/** A layer used twice, a model in a model, branches, an output inside, and layers that return their input. */
function branched(): tf.LayersModel {
  const [a, b] = [tf.input({ shape: [3] }), tf.input({ shape: [3] })];
  const shared = dense({ units: 3, activation: 'sigmoid' });
  const nested = sequential();
  const left = of(shared, a);
  const right = of(nested, of(shared, b));
  const same = of(activation({ activation: 'linear' }), of(dropout({ rate: 0 }), left));
  const joined = of(concatenate(), of(add(), same, right), left, a);
  return filled(tf.model({ inputs: [a, b], outputs: [of(dense({ units: 2 }), joined), left, a] }));
}

const x = () => tf.tensor2d([0.5, -1, 2, 1, 0.3, -0.7], [2, 3]);
const y = () => tf.tensor2d([1, 0, -2, 0.1, 0.9, 0.4], [2, 3]);

describe.each([true, false])('with training %s', (training) => {
  it('is what a sequential network gives', () => {
    const model = sequential();
    expectNoLeak(() =>
      tf.tidy(() => {
        const input = x();
        const expected = model.apply(input, { training }) as tf.Tensor;
        expect(forward(model, input, { training }).dataSync()).toEqual(expected.dataSync());
        expect(input.isDisposed).toBe(false);
      }),
    );
    model.dispose();
  });

  it('is what a network of branches gives, in order, and its inputs stay', () => {
    const model = branched();
    expectNoLeak(() =>
      tf.tidy(() => {
        const inputs = [x(), y()];
        const expected = model.apply(inputs, { training }) as tf.Tensor[];
        const actual = forward<tf.Tensor[]>(model, inputs, { training });
        expect(actual.map((one) => [...one.dataSync()])).toEqual(
          expected.map((one) => [...one.dataSync()]),
        );
        expect(inputs.map(({ isDisposed }) => isDisposed)).toEqual([false, false]);
      }),
    );
    model.dispose();
  });
});

it('leaves its output and nothing else', () => {
  const model = branched();
  const inputs = [x(), y()];
  const before = tf.memory().numTensors;
  const outputs = forward<tf.Tensor[]>(model, inputs, { training: true });
  expect(tf.memory().numTensors - before).toBe(3);
  tf.dispose([outputs[0]!, outputs[1]!]);
  expect(inputs[0]!.dataSync()[0]).toBe(0.5);
  tf.dispose([outputs, inputs]);
  model.dispose();
});

it('has the gradients of the stock pass, also of gradients', () => {
  const model = branched();
  const variables = model.trainableWeights.map((one) => one.read() as tf.Variable);
  const penaltyOf = (run: (inputs: tf.Tensor[]) => tf.Tensor[]) => () => {
    const critic = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.square(run([a, b])[0]!));
    const [da, db] = tf.grads(critic as never)([x(), y()]) as [tf.Tensor, tf.Tensor];
    return tf.add(tf.sum(tf.square(da)), tf.add(tf.sum(tf.square(db)), critic(x(), y())));
  };
  expectNoLeak(() =>
    tf.tidy(() => {
      const passes = [
        (inputs: tf.Tensor[]) => model.apply(inputs, { training: true }) as tf.Tensor[],
        (inputs: tf.Tensor[]) => forward<tf.Tensor[]>(model, inputs, { training: true }),
      ];
      const [stock, own] = passes.map(
        (run) => tf.variableGrads(penaltyOf(run) as () => tf.Scalar, variables).grads,
      );
      for (const { name } of variables) {
        expect(own![name]!).toBeAllclose(stock![name]!, { rtol: 1e-6, atol: 1e-7 });
        expect(Math.max(...own![name]!.abs().dataSync())).toBeGreaterThan(0);
      }
    }),
  );
  model.dispose();
});

it('holds few tensors at a time', () => {
  let most = 0;
  const counting = () => {
    const layer = activation({ activation: 'tanh' });
    const stock = layer.call.bind(layer);
    layer.call = (inputs, kwargs) => {
      most = Math.max(most, tf.memory().numTensors);
      return stock(inputs, kwargs);
    };
    return layer;
  };
  const input = tf.input({ shape: [3] });
  let end = input;
  for (let i = 0; i < 20; i++) end = of(counting(), end);
  const model = tf.model({ inputs: input, outputs: end });
  tf.tidy(() => {
    const given = x();
    const before = tf.memory().numTensors;
    forward(model, given, { training: true });
    expect(most - before).toBeLessThan(3);
    model.apply(given, { training: true });
    expect(most - before).toBeGreaterThan(15);
  });
});

it('sees layers that a sequential network gets later', () => {
  const model = tf.sequential({ layers: [dense({ units: 2, inputShape: [3] })] });
  tf.tidy(() => {
    expect(forward(model, x(), { training: true }).shape).toEqual([2, 2]);
    model.add(dense({ units: 5 }));
    expect(forward(model, x(), { training: true }).shape).toEqual([2, 5]);
  });
  model.dispose();
});

it('leaves masks to TensorFlow.js', () => {
  const model = filled(
    tf.sequential({
      layers: [
        tf.layers.masking({ inputShape: [2, 3], maskValue: 0 }),
        tf.layers.simpleRNN({ units: 2 }),
      ],
    }),
  );
  tf.tidy(() => {
    const input = tf.tensor3d([1, 2, 3, 0, 0, 0], [1, 2, 3]);
    const expected = model.apply(input, { training: true }) as tf.Tensor;
    expect(forward(model, input, { training: true })).toBeAllclose(expected);
  });
  model.dispose();
});

it('casts inputs to what the network takes', () => {
  const model = sequential();
  tf.tidy(() => {
    const counts = tf.tensor2d([1, 2, 3], [1, 3], 'int32');
    const expected = model.apply(counts, { training: false }) as tf.Tensor;
    expect(forward(model, counts, { training: false }).dataSync()).toEqual(expected.dataSync());
  });
  model.dispose();
});

/** A layer of one line. */
class Own extends tf.layers.Layer {
  static readonly className = 'Own';
  constructor(readonly compute: (inputs: tf.Tensor[]) => tf.Tensor) {
    super({});
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return this.compute(inputs as tf.Tensor[]);
  }
}

it.each(['a variable', 'a kept tensor'])('leaves %s that a layer returns', (kind) => {
  const held = kind === 'a variable' ? tf.variable(y()) : tf.keep(y());
  const input = tf.input({ shape: [3] });
  const own = of(new Own(() => held), input);
  const model = tf.model({ inputs: input, outputs: of(activation({ activation: 'relu' }), own) });
  const given = x();
  for (let i = 0; i < 2; i++) {
    expectNoLeak(() => forward(model, given, { training: true }).dispose());
    expect(held.isDisposed).toBe(false);
  }
  tf.dispose([held, given]);
});

it('gives layers a list, as TensorFlow.js does', () => {
  const input = tf.input({ shape: [3] });
  const model = tf.model({
    inputs: input,
    outputs: of(new Own(([one]) => tf.mul(one!, 2)), input),
  });
  tf.tidy(() => {
    expect(forward(model, x(), { training: true })).toBeAllclose([1, -2, 4, 2, 0.6, -1.4]);
  });
});

it('runs recurrent layers, which return one tensor twice and are given states', () => {
  const [input, state] = [tf.input({ shape: [2, 3] }), tf.input({ shape: [2] })];
  const [out, h] = tf.layers
    .lstm({ units: 2, returnState: true })
    .apply(input) as unknown as Symbolic[];
  const rnn = tf.layers.simpleRNN({ units: 2 });
  const next = rnn.apply(input, { initialState: [state] } as never) as Symbolic;
  const model = filled(
    tf.model({
      inputs: [input, state],
      outputs: [of(add(), of(dense({ units: 2 }), out!), h!), next],
    }),
  );
  tf.tidy(() => {
    const given = [
      tf.reshape(tf.concat([x(), y()]), [2, 2, 3]),
      tf.tensor2d([1, -1, 0, 2], [2, 2]),
    ];
    const expected = model.apply(given, { training: true }) as tf.Tensor[];
    const actual = forward<tf.Tensor[]>(model, given, { training: true });
    actual.forEach((one, i) => expect(one.dataSync()).toEqual(expected[i]!.dataSync()));
  });
  model.dispose();
});

it('refuses inputs of another number or rank', () => {
  const model = branched();
  tf.tidy(() => {
    expect(() => forward(model, [x(), tf.zeros([2, 4, 1])], { training: true })).toThrow(
      /^forward: the network "model\d*" takes \[,3\], \[,3\], got \[2,3\], \[2,4,1\]; the first dimension is the batch$/,
    );
    expect(() => forward(model, x(), { training: true })).toThrow('got [2,3];');
  });
  model.dispose();
});
