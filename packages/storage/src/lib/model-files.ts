import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GanloomError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { writeFileAtomic } from './write-file-atomic';

const MODEL = 'model.json';
const WEIGHTS = 'weights.bin';

/**
 * Saves a network as `model.json` and `weights.bin` in a folder, in TensorFlow.js' layers format:
 * `tf.loadLayersModel(url)` reads it over HTTP, {@link loadModel} from the disk.
 */
export async function saveModel(model: tf.LayersModel, folder: string): Promise<void> {
  await model.save({ save: (artifacts) => writeArtifacts(artifacts, folder) });
}

/**
 * Loads a network from a folder written by {@link saveModel}, or by another program in the same
 * format. The caller disposes it.
 *
 * @throws GanloomError if a file is missing, damaged, or does not belong to the others.
 */
export async function loadModel(folder: string): Promise<tf.LayersModel> {
  const artifacts = await readArtifacts(folder);
  try {
    return await tf.loadLayersModel({ load: async () => artifacts });
  } catch (error) {
    throw cannotLoad(folder, (error as Error).message);
  }
}

async function writeArtifacts(
  { modelTopology, weightSpecs = [], weightData }: tf.io.ModelArtifacts,
  folder: string,
): Promise<tf.io.SaveResult> {
  const weights = tf.io.CompositeArrayBuffer.join(weightData);
  const json = {
    format: 'layers-model',
    generatedBy: `TensorFlow.js tfjs-layers v${tf.version_layers}`,
    convertedBy: null,
    modelTopology,
    weightsManifest: [{ paths: [WEIGHTS], weights: weightSpecs }],
  };
  // The weights first: a model.json never stands without them.
  await writeFileAtomic(join(folder, WEIGHTS), new Uint8Array(weights));
  await writeFileAtomic(join(folder, MODEL), JSON.stringify(json));
  return {
    modelArtifactsInfo: {
      dateSaved: new Date(),
      modelTopologyType: 'JSON',
      weightDataBytes: weights.byteLength,
    },
  };
}

async function readArtifacts(folder: string): Promise<tf.io.ModelArtifacts> {
  const read = (name: string) =>
    readFile(join(folder, name)).catch((error: Error) => {
      throw cannotLoad(folder, error.message);
    });
  let json: tf.io.ModelJSON;
  try {
    json = JSON.parse((await read(MODEL)).toString('utf8')) as tf.io.ModelJSON;
  } catch (error) {
    if (GanloomError.isInstance(error)) throw error;
    throw cannotLoad(folder, `${MODEL} is not JSON: ${(error as Error).message}`);
  }
  if (!Array.isArray(json.weightsManifest)) {
    throw cannotLoad(folder, `${MODEL} has no weightsManifest`);
  }
  const parts = await Promise.all(json.weightsManifest.flatMap(({ paths }) => paths).map(read));
  const weights = Buffer.concat(parts);
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
    throw cannotLoad(folder, `the weights must have ${expected} bytes, got ${weights.length}`);
  }
  return {
    modelTopology: json.modelTopology,
    weightSpecs,
    weightData: new Uint8Array(weights).buffer,
  };
}

function cannotLoad(folder: string, reason: string): GanloomError {
  return new GanloomError(
    `loadModel: cannot load the network in ${folder}: ${reason}; ` +
      `the folder must hold ${MODEL} and its weights, whole`,
  );
}
