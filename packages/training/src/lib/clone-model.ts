import * as tf from '@tensorflow/tfjs';

/** A second network of the same architecture with the same weights in memory of its own. */
export async function cloneModel(model: tf.LayersModel): Promise<tf.LayersModel> {
  type Topology = Parameters<typeof tf.models.modelFromJSON>[0];
  const copy = await tf.models.modelFromJSON(model.toJSON(null, false) as Topology);
  tf.tidy(() => copy.setWeights(model.getWeights().map((weight) => weight.mul(1))));
  return copy;
}
