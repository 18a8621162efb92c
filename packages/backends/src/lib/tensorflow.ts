import * as tf from '@tensorflow/tfjs';
import { select, type StartBackend } from './backend';
import { importOptional } from './import-optional';
import { isNode } from './is-node';
import { type Unavailable, unavailableError } from './unavailable';

/** The packages of libtensorflow. */
export type TensorflowPackage = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';

/** libtensorflow through `@tensorflow/tfjs-node`, on the CPU or a CUDA GPU. */
export function startTensorflow(name: TensorflowPackage, device: string): StartBackend {
  return async () => {
    if (!isNode()) throw unavailableError(onlyInNode(name));
    await restoreUtil();
    const before = tf.engine().backendName;
    const module = (await importOptional(name, () => import(name))) as {
      version?: Record<string, string>;
    };
    if (!tf.findBackendFactory('tensorflow')) throw unavailableError(anotherCopy(name));
    await select('tensorflow', 'choose the wasm backend');
    const { isUsingGpuDevice } = tf.backend() as { isUsingGpuDevice?: boolean };
    if (name === '@tensorflow/tfjs-node-gpu' && isUsingGpuDevice === false) {
      if (before) await tf.setBackend(before);
      throw unavailableError(noCuda, 'choose the wasm backend');
    }
    const version = module.version?.['tfjs-node'];
    return { tfjsName: 'tensorflow', device, ...(version && { versions: { [name]: version } }) };
  };
}

export const onlyInNode = (name: string): Unavailable => ({
  missing: `${name} works in Node only`,
  remedy: 'choose wasm or webgpu here',
});

export const anotherCopy = (name: string): Unavailable => ({
  missing: `${name} belongs to another copy of @tensorflow/tfjs`,
  remedy: `npm install ${name}@${tf.version_core} @tensorflow/tfjs@${tf.version_core}`,
});

/** Without CUDA libtensorflow says so on the error output only, and computes on the CPU. */
export const noCuda: Unavailable = {
  missing: 'libtensorflow finds no CUDA GPU',
  remedy: 'install the driver of NVIDIA, CUDA 11.2 and cuDNN 8.1',
};

/** `@tensorflow/tfjs-node` 4.22 calls functions that Node 23 took out of `util`. */
async function restoreUtil(): Promise<void> {
  const name = 'node:util';
  const { default: util } = (await import(name)) as { default: Record<string, unknown> };
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}
