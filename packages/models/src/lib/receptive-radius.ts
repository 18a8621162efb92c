import { UsageError } from '@ganloom/core';
import type * as tf from '@tensorflow/tfjs';

/** Layers whose outputs look at nothing beside their own place. */
const POINTWISE = new Set([
  'InputLayer',
  'Activation',
  'Add',
  'BatchNormalization',
  'Concatenate',
  'Dropout',
  'LeakyReLU',
  'PReLU',
  'ReLU',
]);

interface Reach {
  /** Input pixels beyond its own place that an output may look at, on each side. */
  readonly pixels: number;
  /** Outputs per input pixel, along each side. */
  readonly resolution: number;
}

/**
 * How many input pixels beyond its own place an output pixel of a fully convolutional network may
 * depend on, on each side: an upper bound, exact for convolutions of stride 1.
 *
 * A tile with at least this much of its surroundings gives what the whole picture gives there.
 *
 * @throws UsageError if the network has a layer whose reach is not known.
 */
export function receptiveRadius(model: tf.LayersModel): number {
  const known = new Map<string, Reach>();
  const reachOf = (layer: tf.layers.Layer): Reach => {
    const found = known.get(layer.name);
    if (found) return found;
    const before = layer.inboundNodes.flatMap(({ inboundLayers }) =>
      (inboundLayers as tf.layers.Layer[]).map(reachOf),
    );
    const from = {
      pixels: Math.max(0, ...before.map(({ pixels }) => pixels)),
      resolution: Math.max(1, ...before.map(({ resolution }) => resolution)),
    };
    const reach = passed(layer, from);
    known.set(layer.name, reach);
    return reach;
  };
  return Math.max(...model.outputLayers.map((layer) => reachOf(layer).pixels));
}

function passed(layer: tf.layers.Layer, { pixels, resolution }: Reach): Reach {
  const kind = layer.getClassName();
  if (POINTWISE.has(kind)) return { pixels, resolution };
  const { kernelSize, strides, dilationRate } = layer.getConfig() as Record<string, number[]>;
  const kernel = Math.max(...(kernelSize ?? []));
  const stride = Math.max(...(strides ?? []));
  const dilation = Math.max(1, ...[dilationRate ?? 1].flat());
  const further = (reach: number) => pixels + Math.ceil(reach / resolution);
  if (kind === 'Conv2D' && stride === 1) {
    return { pixels: further(Math.ceil((kernel - 1) / 2) * dilation), resolution };
  }
  if (kind === 'Conv2DTranspose') {
    // With a kernel as wide as its stride, each output comes from one input.
    return { pixels: further(Math.ceil(kernel / stride) - 1), resolution: resolution * stride };
  }
  throw new UsageError(
    'receptiveRadius: layers must be convolutions of stride 1, transposed convolutions or pointwise, ' +
      `got "${kind} "${layer.name}""; give the overlap yourself`,
  );
}
