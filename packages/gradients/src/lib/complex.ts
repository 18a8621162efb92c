import * as tf from '@tensorflow/tfjs';
import type { RunKernel, Taped } from './gradient-config';
import { untaped } from './untaped';

type Inputs = tf.NamedTensorMap;

interface Parts {
  readonly real: tf.Tensor;
  readonly imag: tf.Tensor;
}

/**
 * The parts of complex tensors that a tape records. TensorFlow.js knows no complex gradients: the tape
 * follows the parts, and a complex tensor only carries them.
 */
const partsOf = new WeakMap<tf.Tensor, Parts>();

/** The parts that a tape still follows. */
function followed(x: tf.Tensor): Parts | undefined {
  const parts = partsOf.get(x);
  return parts?.real.isDisposed ? undefined : parts;
}

/** Makes a complex tensor of parts that the tape keeps, until it is done with. */
function carrier({ real, imag }: Parts, run: RunKernel): tf.Tensor {
  const made = run('Complex', { real, imag }) as tf.Tensor;
  const parts = { real: tf.keep(tf.clone(real)), imag: tf.keep(tf.clone(imag)) };
  // What an operation has saved is disposed with its tape.
  const node = tf.engine().state.activeTape.at(-1)! as unknown as { saved: tf.Tensor[] };
  node.saved.push(parts.real, parts.imag);
  partsOf.set(made, parts);
  return made;
}

const isComplex = (x: tf.Tensor) => x.dtype === 'complex64';

/** Of one that no tape has followed, too, which is a constant. */
function split(x: tf.Tensor, run: RunKernel): Parts {
  const parts = followed(x);
  if (parts !== undefined) return parts;
  const [real, imag] = ['Real', 'Imag'].map((name) => run(name, { input: x }) as tf.Tensor);
  return { real: real!, imag: imag! };
}

/** The inputs with one of their parts in the place of complex ones. */
function mapInputs(inputs: Inputs, f: (x: tf.Tensor) => tf.Tensor): Inputs {
  if (Array.isArray(inputs)) return inputs.map(f) as unknown as Inputs;
  return Object.fromEntries(Object.entries(inputs).map(([name, x]) => [name, f(x)]));
}

/** A kernel that does the same to either part. */
const partwise =
  (kernelName: string): Taped =>
  (inputs, attrs, run) => {
    const isFollowed = Object.values(inputs).some((x) => followed(x));
    if (!isFollowed) return run(kernelName, inputs, attrs);
    const made = (part: keyof Parts) =>
      run(
        kernelName,
        mapInputs(inputs, (x) => (isComplex(x) ? split(x, run)[part] : x)),
        attrs,
      ) as tf.Tensor;
    return carrier({ real: made('real'), imag: made('imag') }, run);
  };

const part =
  (kernelName: 'Real' | 'Imag', name: keyof Parts): Taped =>
  (inputs, attrs, run) => {
    const parts = followed(inputs['input']!);
    return parts === undefined ? run(kernelName, inputs, attrs) : tf.clone(parts[name]);
  };

/**
 * The discrete Fourier transform of `[2, …, n]`, real and imaginary. Its gradient is its adjoint: the
 * inverse times n, that of the inverse is the transform over n.
 */
function fourier(x: tf.Tensor, inverse: boolean): tf.Tensor {
  const n = x.shape.at(-1)!;
  return tf.customGrad((both) => {
    const [real, imag] = tf.unstack(both as tf.Tensor) as [tf.Tensor, tf.Tensor];
    const transformed = (inverse ? tf.ifft : tf.fft)(tf.complex(real, imag));
    return {
      value: tf.stack([tf.real(transformed), tf.imag(transformed)]),
      gradFunc: (dy: tf.Tensor) => tf.mul(fourier(dy, !inverse), inverse ? 1 / n : n),
    };
  })(x);
}

const transforming =
  (kernelName: string, inverse: boolean): Taped =>
  (inputs, attrs, run) => {
    const parts = followed(inputs['input']!);
    if (parts === undefined) return run(kernelName, inputs, attrs);
    const y = fourier(tf.stack([parts.real, parts.imag]), inverse);
    const [real, imag] = tf.unstack(y) as [tf.Tensor, tf.Tensor];
    return carrier({ real, imag }, run);
  };

/** √(re² + im²), whose slope is 0 at 0. */
function modulus({ real, imag }: Parts): tf.Tensor {
  const isZero = untaped(() => tf.logicalAnd(tf.equal(real, 0), tf.equal(imag, 0)));
  // Squares of large and small numbers would leave float32; the scale drops out of the gradient.
  const scale = untaped(() =>
    tf.where(isZero, tf.onesLike(real), tf.maximum(tf.abs(real), tf.abs(imag))),
  );
  const squares = tf.add(tf.square(tf.div(real, scale)), tf.square(tf.div(imag, scale)));
  const root = tf.sqrt(tf.where(isZero, tf.onesLike(real), squares));
  return tf.where(isZero, tf.zerosLike(real), tf.mul(scale, root));
}

/** What a tape records of kernels that take or make complex tensors. */
export const complexKernels = (): Readonly<Record<string, Taped>> => ({
  Complex: ({ real, imag }, _, run) => carrier({ real: real!, imag: imag! }, run),
  Real: part('Real', 'real'),
  Imag: part('Imag', 'imag'),
  FFT: transforming('FFT', false),
  IFFT: transforming('IFFT', true),
  ComplexAbs: (inputs, attrs, run) => {
    const parts = followed(inputs['x']!);
    return parts === undefined ? run('ComplexAbs', inputs, attrs) : modulus(parts);
  },
  ...Object.fromEntries(
    [
      'Identity',
      'Reshape',
      'ExpandDims',
      'Slice',
      'Concat',
      'Transpose',
      'Reverse',
      'Add',
      'Sub',
    ].map((name) => [name, partwise(name)]),
  ),
});
