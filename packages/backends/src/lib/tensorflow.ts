import { GanloomError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { select, type StartBackend } from './backend';
import { importOptional } from './import-optional';

/** libtensorflow through `@tensorflow/tfjs-node`, on the CPU or a CUDA GPU. */
export function startTensorflow(
  name: '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu',
  device: string,
): StartBackend {
  return async () => {
    if (typeof process === 'undefined') {
      throw new GanloomError(`useBackend: ${name} works in Node only; choose wasm or webgpu here`);
    }
    await restoreUtil();
    const module = (await importOptional(
      name,
      () => import(name),
      'its install step downloads libtensorflow; run it again with a network, or choose the wasm backend',
    )) as { version?: Record<string, string> };
    if (!tf.findBackendFactory('tensorflow')) {
      throw new GanloomError(
        `useBackend: ${name} belongs to another copy of @tensorflow/tfjs; ` +
          `install version ${tf.version_core} of both`,
      );
    }
    await select('tensorflow', 'choose the wasm backend');
    const version = module.version?.['tfjs-node'];
    return { tfjsName: 'tensorflow', device, ...(version && { versions: { [name]: version } }) };
  };
}

/** `@tensorflow/tfjs-node` 4.22 calls functions that Node 23 took out of `util`. */
async function restoreUtil(): Promise<void> {
  const name = 'node:util';
  const { default: util } = (await import(name)) as { default: Record<string, unknown> };
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}
