import * as tf from '@tensorflow/tfjs';

/** An initializer of TensorFlow.js, which does not export the type. */
export type Initializer = ReturnType<typeof tf.initializers.randomNormal>;

/** How a weight began, and which layer made it: an inner one, where a layer is made of another. */
export interface WeightOrigin {
  readonly initializer: Initializer;
  readonly layer: tf.layers.Layer;
}

const origins = new WeakMap<tf.LayerVariable, WeightOrigin>();
let remembers = false;

type AddWeight = (this: tf.layers.Layer, ...args: unknown[]) => tf.LayerVariable;

/** Where `addWeight` takes the initializer: after the name, the shape and the type. */
const INITIALIZER = 3;

/**
 * Remembers from now on which initializer each weight of a layer began with, as TensorFlow.js does not:
 * those that layers hand to `addWeight`. What makes layers or networks here calls it.
 */
export function rememberInitializers(): void {
  if (remembers) return;
  remembers = true;
  const prototype = tf.layers.Layer.prototype as unknown as { addWeight: AddWeight };
  const { addWeight } = prototype;
  prototype.addWeight = function (...args) {
    const weight = addWeight.apply(this, args);
    const initializer = args[INITIALIZER] as Initializer | undefined;
    if (initializer) origins.set(weight, { initializer, layer: this });
    return weight;
  };
}

/**
 * Where a layer's weight comes from. Of a weight that was made before {@link rememberInitializers} the
 * layer may know it itself: stock layers have a `kernelInitializer` of their weight `kernel`.
 */
export function originOf(
  layer: tf.layers.Layer,
  weight: tf.LayerVariable,
  kind: string,
): WeightOrigin | undefined {
  const found = origins.get(weight);
  if (found) return found;
  const own = (layer as unknown as Record<string, Initializer | undefined>)[`${kind}Initializer`];
  return typeof own?.apply === 'function' ? { initializer: own, layer } : undefined;
}
