import type * as tf from '@tensorflow/tfjs';
import { gradientConfig, runKernel } from './gradient-config';

interface Conv3dAttrs {
  readonly strides: number | [number, number, number];
  readonly pad: 'same' | 'valid';
}

const forward = (x: tf.Tensor, filter: tf.Tensor, { strides, pad }: Conv3dAttrs) =>
  runKernel('Conv3D', { x, filter }, { strides, pad, dataFormat: 'NDHWC', dilations: [1, 1, 1] });

const input = (
  dy: tf.Tensor,
  filter: tf.Tensor,
  inputShape: number[],
  { strides, pad }: Conv3dAttrs,
) => runKernel('Conv3DBackpropInputV2', { dy, filter }, { strides, pad, inputShape });

const filterGradient = (
  x: tf.Tensor,
  dy: tf.Tensor,
  filterShape: number[],
  { strides, pad }: Conv3dAttrs,
) => runKernel('Conv3DBackpropFilterV2', { x, dy }, { strides, pad, filterShape });

/**
 * Gradients of the gradients of convolution in three dimensions. The first of them is also the
 * kernel of the transposed convolution.
 */
export const convolution3dGradients = (): readonly tf.GradConfig[] => [
  gradientConfig(
    'Conv3DBackpropInputV2',
    ['dy', 'filter'],
    (dx, [dy, filter], attrs: Conv3dAttrs) => ({
      dy: () => forward(dx, filter, attrs),
      filter: () => filterGradient(dx, dy, filter.shape, attrs),
    }),
  ),
  gradientConfig('Conv3DBackpropFilterV2', ['x', 'dy'], (dFilter, [x, dy], attrs: Conv3dAttrs) => ({
    x: () => input(dy, dFilter, x.shape, attrs),
    dy: () => forward(x, dFilter, attrs),
  })),
];
