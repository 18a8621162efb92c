import { reasonOf } from './backend';
import { type BackendDescription, notAvailable } from './describe/backend-description';
import { describeTensorflow } from './describe/describe-tensorflow';
import { describeWasm } from './describe/describe-wasm';
import { describeWebgl } from './describe/describe-webgl';
import { describeWebgpu } from './describe/describe-webgpu';
import { type BackendName, backendNames } from './use-backend';

/** What is to say of one backend, with its name. */
export interface NamedDescription extends BackendDescription {
  readonly name: BackendName;
}

/**
 * Says of each backend whether it is there, what it would run on and whether it trains, and otherwise what
 * is missing and how to get it. Starts and selects none: what a library changes when it is loaded, it
 * changes in a process of its own.
 *
 * @param from the file from whose place optional packages are looked for; default: where this package is
 */
export async function describeBackends(
  from: string = import.meta.url,
): Promise<readonly NamedDescription[]> {
  const describers: Record<BackendName, () => BackendDescription | Promise<BackendDescription>> = {
    wasm: describeWasm,
    webgpu: () => describeWebgpu(from),
    webgl: describeWebgl,
    node: () => describeTensorflow('@tensorflow/tfjs-node', from),
    'node-gpu': () => describeTensorflow('@tensorflow/tfjs-node-gpu', from),
    cpu: () => ({
      isAvailable: true,
      device: 'JavaScript',
      threads: 1,
      trains: true,
      note: 'about a thousand times slower than wasm',
    }),
  };
  const describe = async (name: BackendName): Promise<NamedDescription> => {
    try {
      return { name, ...(await describers[name]()) };
    } catch (error) {
      const missing = `looking for it fails: ${reasonOf(error)}`;
      const remedy = `useBackend('${name}') may say more`;
      return { name, ...notAvailable({ missing, remedy }) };
    }
  };
  return Promise.all(backendNames.map(describe));
}
