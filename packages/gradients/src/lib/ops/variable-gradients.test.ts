import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { installGradients } from '../install-gradients';
import { batchNormTraining } from './batch-norm-training';
import { variableGradients } from './variable-gradients';

beforeAll(async () => {
  await tf.setBackend('cpu');
  installGradients();
});

const wave = (shape: number[], seed: number) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(seed + 1.7 * i)),
    shape,
  );

type Networks = Record<string, (x: tf.Tensor, v: tf.Variable[]) => tf.Tensor>;

/** Gradients that are handed on as they came, shared out, added up, saved ones and such of gradients. */
const networks: Networks = {
  'a sum with itself': (x, [w]) => tf.add(tf.add(w!, w!), tf.add(x, w!)),
  'a residual block': (x, [w, b]) => {
    const hidden = tf.relu(tf.add(tf.matMul(x, w!), b!));
    return tf.add(hidden, tf.add(tf.matMul(hidden, w!), tf.add(hidden, x)));
  },
  'what is only handed on': (x, [w]) => tf.mul(tf.reshape(tf.clone(tf.clone(w!)), [3, 3]), x),
  'one tensor for two inputs': (_, [w, b]) => {
    const twin = tf.customGrad((a, c) => ({
      value: tf.add(a as tf.Tensor, c as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => {
        const both = tf.mul(dy, 1);
        return [both, both];
      },
    }));
    return twin(tf.tanh(w!), tf.tanh(tf.mul(w!, b!)));
  },
  'outputs that nobody uses': (x, [w]) => tf.split(tf.matMul(x, w!), 3, 1)[1]!,
  'batch normalization': (x, [w, b]) =>
    batchNormTraining(
      tf.matMul(x, w!) as tf.Tensor2D,
      b! as unknown as tf.Tensor1D,
      b! as unknown as tf.Tensor1D,
      1e-5,
    ).y,
  'a gradient penalty': (x, [w, b]) => {
    const critic = (v: tf.Tensor) => tf.sum(tf.tanh(tf.add(tf.matMul(v, w!), b!)));
    return tf.square(tf.grad(critic)(x));
  },
};

it.each(Object.keys(networks))('has the gradients of tf.variableGrads: %s', (name) => {
  const variables = [
    tf.variable(wave([3, 3], 1)),
    tf.variable(wave([3], 2)),
    tf.variable(wave([2], 3)),
  ];
  const x = wave([3, 3], 4);
  const loss = () => tf.sum(tf.square(networks[name]!(x, variables))) as tf.Scalar;
  expectNoLeak(() =>
    tf.tidy(() => {
      const expected = tf.variableGrads(loss, variables);
      const actual = variableGradients(loss, variables);
      expect(actual.value.dataSync()).toEqual(expected.value.dataSync());
      expect(Object.keys(actual.grads)).toEqual(Object.keys(expected.grads));
      for (const [key, gradient] of Object.entries(expected.grads)) {
        expect(actual.grads[key]!.dataSync()).toEqual(gradient.dataSync());
      }
    }),
  );
  tf.dispose([variables, x]);
});

it('leaves what it does not own', () => {
  const [w, x, outside] = [tf.variable(wave([2], 1)), tf.variable(wave([2], 2)), wave([2], 3)];
  let seen: tf.Tensor | undefined;
  /** A gradient that is somebody's, and one that is kept by somebody. */
  const foreign = tf.customGrad((v) => ({
    value: tf.sum(tf.mul(v as tf.Tensor, outside)),
    gradFunc: () => outside,
  }));
  const variable = tf.customGrad((v) => ({
    value: tf.sum(tf.mul(v as tf.Tensor, x)),
    gradFunc: () => x as tf.Tensor,
  }));
  const keeping = tf.customGrad((v) => ({
    value: tf.mul(v as tf.Tensor, 1),
    gradFunc: (dy: tf.Tensor) => {
      seen = tf.keep(dy);
      return tf.mul(dy, 1);
    },
  }));
  const loss = () => {
    const hidden = tf.tanh(keeping(tf.tanh(w)));
    return tf.add(foreign(hidden), variable(tf.tanh(hidden))) as tf.Scalar;
  };
  tf.tidy(() => void variableGradients(loss, [w]));
  expect([outside, x, seen!].map(({ isDisposed }) => isDisposed)).toEqual([false, false, false]);
  tf.dispose([w, x, outside, seen!]);
});

it('can be differentiated, as it then disposes nothing', () => {
  const [w, x] = [tf.variable(wave([3, 3], 1)), wave([3, 3], 2)];
  const norm = (gradients: typeof variableGradients) => (v: tf.Tensor) => {
    const { grads } = gradients(() => tf.sum(tf.tanh(tf.matMul(v, w))) as tf.Scalar, [w]);
    return tf.sum(tf.square(grads[w.name]!));
  };
  tf.tidy(() => {
    const expected = tf.grad(norm(tf.variableGrads))(x);
    expect(tf.grad(norm(variableGradients))(x).dataSync()).toEqual(expected.dataSync());
  });
  tf.dispose([w, x]);
});

it('holds few tensors at a time', () => {
  const w = tf.variable(wave([3, 3], 1));
  /** The most tensors that there are while a deep network's gradient is computed. */
  const mostOf = (gradients: typeof variableGradients) => {
    let most = 0;
    const probe = tf.customGrad((v) => ({
      value: tf.mul(v as tf.Tensor, 1),
      gradFunc: (dy: tf.Tensor) => {
        most = Math.max(most, tf.memory().numTensors);
        return tf.mul(dy, 1);
      },
    }));
    const deep = () => {
      let x: tf.Tensor = w;
      for (let i = 0; i < 30; i++) x = tf.add(x, probe(tf.tanh(x)));
      return tf.sum(x) as tf.Scalar;
    };
    const before = tf.memory().numTensors;
    tf.tidy(() => void gradients(deep, [w]));
    return most - before;
  };
  // Input and output of each tanh are saved, and everything has a gradient.
  expect(mostOf(tf.variableGrads)).toBeGreaterThan(200);
  expect(mostOf(variableGradients)).toBeLessThan(140);
  w.dispose();
});
