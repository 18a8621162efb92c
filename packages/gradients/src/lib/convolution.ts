import * as tf from '@tensorflow/tfjs';
import { ganloomError } from '@ganloom/core';
import { gradientConfig, runKernel, sumTo } from './gradient-config';

interface ConvAttrs {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: number | [number, number] | null;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

interface FusedAttrs extends ConvAttrs {
  readonly activation: 'linear' | 'relu' | 'leakyrelu';
  readonly leakyreluAlpha?: number;
  /** One number for each output channel, unless something else is said. */
  readonly biasShape?: number[];
}

/** The gradients of convolution's two arguments are kernels of their own, bilinear like itself. */
interface Siblings {
  forward(x: tf.Tensor, filter: tf.Tensor, attrs: ConvAttrs): tf.Tensor;
  input(dy: tf.Tensor, filter: tf.Tensor, inputShape: number[], attrs: ConvAttrs): tf.Tensor;
  filter(x: tf.Tensor, dy: tf.Tensor, filterShape: number[], attrs: ConvAttrs): tf.Tensor;
}

// The gradient kernels know no dilation: the filter is spread out before, see `dilate`.
const undilated = ({ strides, pad, dataFormat = 'NHWC', dimRoundingMode }: ConvAttrs) => ({
  strides,
  pad,
  dataFormat,
  dimRoundingMode,
  dilations: [1, 1] as [number, number],
});

const full: Siblings = {
  forward: (x, filter, attrs) => runKernel('Conv2D', { x, filter }, undilated(attrs)),
  input: (dy, filter, inputShape, attrs) =>
    runKernel('Conv2DBackpropInput', { dy, filter }, { ...undilated(attrs), inputShape }),
  filter: (x, dy, filterShape, attrs) =>
    runKernel('Conv2DBackpropFilter', { x, dy }, { ...undilated(attrs), filterShape }),
};

/** Each channel by itself. */
export const depthwise: Siblings = {
  forward: (x, filter, attrs) =>
    runKernel('DepthwiseConv2dNative', { x, filter }, undilated(attrs)),
  input: (dy, filter, inputShape, attrs) =>
    runKernel(
      'DepthwiseConv2dNativeBackpropInput',
      { dy, filter },
      {
        ...undilated(attrs),
        inputShape,
      },
    ),
  filter: (x, dy, filterShape, attrs) =>
    runKernel(
      'DepthwiseConv2dNativeBackpropFilter',
      { x, dy },
      {
        ...undilated(attrs),
        filterShape,
      },
    ),
};

/** Puts rate − 1 zeros between neighbors along a dimension of the filter. */
function spread(filter: tf.Tensor, axis: number, rate: number): tf.Tensor {
  if (rate === 1) return filter;
  const shape = filter.shape;
  const before = tf.util.sizeFromShape(shape.slice(0, axis));
  const after = tf.util.sizeFromShape(shape.slice(axis + 1));
  const size = shape[axis]!;
  const apart = tf.pad(tf.reshape(filter, [before, size, 1, after]), [
    [0, 0],
    [0, 0],
    [0, rate - 1],
    [0, 0],
  ]);
  const flat = tf.reshape(apart, [before, size * rate, after]);
  const wide = (size - 1) * rate + 1;
  return tf.reshape(
    tf.slice(flat, [0, 0, 0], [before, wide, after]),
    shape.map((n, d) => (d === axis ? wide : n)),
  );
}

/** The inverse of {@link spread}: every rate-th element. */
function gatherSpread(wide: tf.Tensor, axis: number, rate: number): tf.Tensor {
  if (rate === 1) return wide;
  const shape = wide.shape;
  const before = tf.util.sizeFromShape(shape.slice(0, axis));
  const after = tf.util.sizeFromShape(shape.slice(axis + 1));
  const size = (shape[axis]! - 1) / rate + 1;
  const flat = tf.pad(tf.reshape(wide, [before, shape[axis]!, after]), [
    [0, 0],
    [0, rate - 1],
    [0, 0],
  ]);
  const picked = tf.slice(
    tf.reshape(flat, [before, size, rate, after]),
    [0, 0, 0, 0],
    [before, size, 1, after],
  );
  return tf.reshape(
    picked,
    shape.map((n, d) => (d === axis ? size : n)),
  );
}

// Layers pass no dilation as null.
const pair = (value: number | [number, number] | null | undefined): [number, number] =>
  typeof value === 'object' && value !== null ? value : [value ?? 1, value ?? 1];

/** A dilated convolution is one with a larger filter, most of which is zero. */
function inputGradients(
  { input, filter: filterGradient }: Siblings,
  dy: tf.Tensor,
  x: tf.Tensor,
  filter: tf.Tensor,
  attrs: ConvAttrs,
) {
  const [down, across] = pair(attrs.dilations);
  const dilate = (f: tf.Tensor) => spread(spread(f, 0, down), 1, across);
  const wideShape = filter.shape.map((n, d) =>
    d === 0 ? (n - 1) * down + 1 : d === 1 ? (n - 1) * across + 1 : n,
  );
  return {
    x: () => input(dy, dilate(filter), x.shape, attrs),
    filter: () => {
      const wide = filterGradient(x, dy, wideShape, attrs);
      return gatherSpread(gatherSpread(wide, 0, down), 1, across);
    },
  };
}

const forwardGradient = (kernelName: string, siblings: Siblings) =>
  gradientConfig(kernelName, ['x', 'filter'], (dy, [x, filter], attrs: ConvAttrs) =>
    inputGradients(siblings, dy, x, filter, attrs),
  );

/** Convolution, bias and activation in one kernel. */
function fusedGradient(kernelName: string, siblings: Siblings): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['x', 'filter'],
    outputsToSave: [true],
    gradFunc: (dy, saved, named) => {
      const [x, filter, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const attrs = named as unknown as FusedAttrs;
      const { dataFormat, biasShape = y.shape.slice(3) } = attrs;
      const d = beforeActivation(dy as tf.Tensor, y, attrs);
      return {
        ...inputGradients(siblings, d, x, filter, attrs),
        bias: () => sumTo(dataFormat === 'NCHW' ? tf.transpose(d, [0, 2, 3, 1]) : d, biasShape),
      };
    },
  };
}

/** The derivative is read off the output, whose sign is the input's. */
function beforeActivation(dy: tf.Tensor, y: tf.Tensor, attrs: FusedAttrs): tf.Tensor {
  const { activation, leakyreluAlpha = 0 } = attrs;
  switch (activation) {
    case 'linear':
      return dy;
    case 'relu':
      return tf.mul(dy, tf.step(y));
    case 'leakyrelu':
      return tf.mul(dy, tf.step(y, leakyreluAlpha));
    default:
      throw ganloomError(
        'gradient of a fused convolution',
        'activation linear, relu or leakyrelu',
        String(activation),
        'apply the activation to the output instead',
      );
  }
}

const inputGradient = (kernelName: string, { forward, filter: filterGradient }: Siblings) =>
  gradientConfig(kernelName, ['dy', 'filter'], (dx, [dy, filter], attrs: ConvAttrs) => ({
    dy: () => forward(dx, filter, attrs),
    filter: () => filterGradient(dx, dy, filter.shape, attrs),
  }));

const filterGradient = (kernelName: string, { forward, input }: Siblings) =>
  gradientConfig(kernelName, ['x', 'dy'], (dFilter, [x, dy], attrs: ConvAttrs) => ({
    x: () => input(dy, dFilter, x.shape, attrs),
    dy: () => forward(x, dFilter, attrs),
  }));

/** Needed to differentiate through a training step of a convolution: unrolled GANs. */
export const conv2dFilterGradient = () => filterGradient('Conv2DBackpropFilter', full);

export const fusedConv2dGradient = () => fusedGradient('FusedConv2D', full);

/** Gradients of convolutions in two dimensions and of their gradients, whatever the dilation. */
export const convolutionGradients = (): readonly tf.GradConfig[] => [
  forwardGradient('Conv2D', full),
  inputGradient('Conv2DBackpropInput', full),
  conv2dFilterGradient(),
  fusedConv2dGradient(),
  forwardGradient('DepthwiseConv2dNative', depthwise),
  fusedGradient('FusedDepthwiseConv2D', depthwise),
  inputGradient('DepthwiseConv2dNativeBackpropInput', depthwise),
  filterGradient('DepthwiseConv2dNativeBackpropFilter', depthwise),
];
