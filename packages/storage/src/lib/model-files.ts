import { GanloomError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { joinedBytes } from './joined-bytes';
import type { ReadableStore, Store } from './store';
import { getText, putText } from './store-text';

const MODEL = 'model.json';
const WEIGHTS = 'weights.bin';

/**
 * Saves a network as `model.json` and `weights.bin` in a store, in TensorFlow.js' layers format:
 * `tf.loadLayersModel(url)` reads it over HTTP, {@link loadModel} from the store.
 *
 * @param userDefinedMetadata what else `model.json` is to say, as JSON; `getUserDefinedMetadata()` of the
 *   loaded network gives it back. Default: that of the network itself, if it has one.
 */
export async function saveModel(
  model: tf.LayersModel,
  store: Store,
  userDefinedMetadata?: Readonly<Record<string, unknown>>,
): Promise<void> {
  const more = userDefinedMetadata && {
    userDefinedMetadata: userDefinedMetadata as NonNullable<
      tf.io.ModelArtifacts['userDefinedMetadata']
    >,
  };
  await model.save({ save: (artifacts) => writeArtifacts({ ...artifacts, ...more }, store) });
}

/**
 * Loads a network that {@link saveModel} has saved, or another program in the same format. The caller
 * disposes it.
 *
 * @throws GanloomError if a file is missing, damaged, or does not belong to the others.
 */
export async function loadModel(store: ReadableStore): Promise<tf.LayersModel> {
  const artifacts = await readArtifacts(store);
  try {
    return await tf.loadLayersModel({ load: async () => artifacts });
  } catch (error) {
    throw cannotLoad(store, (error as Error).message);
  }
}

async function writeArtifacts(
  { modelTopology, weightSpecs = [], weightData, userDefinedMetadata }: tf.io.ModelArtifacts,
  store: Store,
): Promise<tf.io.SaveResult> {
  const weights = tf.io.CompositeArrayBuffer.join(weightData);
  const json = {
    format: 'layers-model',
    generatedBy: `TensorFlow.js tfjs-layers v${tf.version_layers}`,
    convertedBy: null,
    modelTopology,
    weightsManifest: [{ paths: [WEIGHTS], weights: weightSpecs }],
    ...(userDefinedMetadata && { userDefinedMetadata }),
  };
  // The weights first: a model.json never stands without them.
  await store.put(WEIGHTS, new Uint8Array(weights));
  await putText(store, MODEL, JSON.stringify(json));
  return {
    modelArtifactsInfo: {
      dateSaved: new Date(),
      modelTopologyType: 'JSON',
      weightDataBytes: weights.byteLength,
    },
  };
}

async function readArtifacts(store: ReadableStore): Promise<tf.io.ModelArtifacts> {
  const read = async <T>(name: string, part: Promise<T | undefined>): Promise<T> => {
    const found = await part.catch((error: Error) => {
      throw cannotLoad(store, error.message);
    });
    if (found === undefined) throw cannotLoad(store, `${name} is not there`);
    return found;
  };
  const text = await read(MODEL, getText(store, MODEL));
  let json: tf.io.ModelJSON;
  try {
    json = JSON.parse(text) as tf.io.ModelJSON;
  } catch (error) {
    // Servers of single pages answer with the page where nothing is.
    const reason = text.trimStart().startsWith('<')
      ? `${MODEL} is a web page, which servers send where nothing is; check the address`
      : `${MODEL} is not JSON: ${(error as Error).message}`;
    throw cannotLoad(store, reason);
  }
  if (!Array.isArray(json?.weightsManifest)) {
    throw cannotLoad(store, `${MODEL} has no weightsManifest`);
  }
  const names = json.weightsManifest.flatMap(({ paths }) => paths);
  const parts = await Promise.all(names.map((name) => read(name, store.get(name))));
  const weights = joinedBytes(parts);
  const weightSpecs = json.weightsManifest.flatMap((group) => group.weights);
  const expected = weightSpecs.reduce(
    // Quantized and string weights are not made here; their size is left to tfjs to check.
    (sum, { shape, dtype, quantization }) =>
      dtype === 'string' || quantization
        ? NaN
        : sum + tf.util.sizeFromShape(shape) * tf.util.bytesPerElement(dtype as tf.DataType),
    0,
  );
  if (weights.length !== expected && !Number.isNaN(expected)) {
    throw cannotLoad(store, `the weights must have ${expected} bytes, got ${weights.length}`);
  }
  const { modelTopology, userDefinedMetadata } = json;
  return {
    modelTopology,
    weightSpecs,
    weightData: weights.buffer,
    ...(userDefinedMetadata && { userDefinedMetadata }),
  };
}

function cannotLoad(store: ReadableStore, reason: string): GanloomError {
  const [, layer] = /^Unknown layer: (\S+?)\.? /.exec(reason) ?? [];
  const remedy = layer
    ? `it has the layer ${layer}, which nobody has registered: call registerLayers() of @ganloom/models, ` +
      '@ganloom/losses or @ganloom/games before, or tf.serialization.registerClass for one of your own'
    : `${reason}; the folder must hold ${MODEL} and its weights, whole`;
  return new GanloomError(`loadModel: cannot load the network in ${store.describe()}: ${remedy}`);
}
