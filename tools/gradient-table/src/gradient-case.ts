import type * as tf from '@tensorflow/tfjs';

/** An operation at one shape of each of its inputs, all of which are differentiated. */
export interface Trial {
  readonly shapes: readonly (readonly number[])[];
  readonly op: (...inputs: tf.Tensor[]) => tf.Tensor;
  /** The same in float64, from and to values in row-major order. */
  readonly reference: (...inputs: Float64Array[]) => ArrayLike<number>;
  /** Moves the inputs' values, which are in [−1.5, 1.5], to where the operation is defined. */
  readonly place?: (value: number, input: number) => number;
  /**
   * How many of the inputs, from the first, the norm of the gradient is taken of; the others are
   * weights of a network that is penalized. Default: all.
   */
  readonly penalized?: number;
  /** How a backend's stock kernel is wrong where no tape records; the gradient needs it not. */
  readonly wrongForward?: Readonly<Record<string, string>>;
}

/** An operation whose gradients are compared with those of a float64 function. */
export interface GradientCase {
  /** What the row of the table says. */
  readonly name: string;
  /** It is right if it is at all of them. */
  readonly trials: readonly Trial[];
  /** Why it is not right after all; the table and the tests then expect it not to be. */
  readonly unrepaired?: string;
  /** The kernel of its forward pass, without which it cannot be, and which not all backends have. */
  readonly needs?: string;
  /**
   * Why a backend's stock kernels may get it wrong. Whether they do depends on what ran before, or on
   * the GPU, so the tests leave it out there.
   */
  readonly unreliable?: Readonly<Record<string, string>>;
}

/** Of sine and cosine, and of what is made of them. */
export const inaccurateWaves: Readonly<Record<string, string>> = {
  webgl: 'GLSL asks for no accuracy of sine and cosine',
  webgpu: 'WGSL allows them an error of 2⁻¹¹',
};

/** Cases under one heading of the table. */
export interface GradientFamily {
  readonly title: string;
  readonly cases: readonly GradientCase[];
}

/** The inputs' values: distinct, of both signs, none near a kink. */
export function inputValues({
  shapes,
  place = (value) => value,
}: Pick<Trial, 'shapes' | 'place'>): Float32Array[] {
  return shapes.map((shape, input) =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) =>
      place(1.5 * Math.sin(0.3 + 2 * input + 1.7 * i), input),
    ),
  );
}
