import * as tf from '@tensorflow/tfjs';
import { isNode } from '../is-node';
import { whyNotLoaded } from '../unavailable';
import { currentGpu, nameOf, noWebgpu } from '../webgpu';
import { noGpu } from '../webgpu/register-webgpu';
import {
  type BackendDescription,
  isSoftware,
  notAvailable,
  SOFTWARE_NOTE,
} from './backend-description';
import { probe } from './probe';

const STOCK = '@tensorflow/tfjs-backend-webgpu';

type Info = Readonly<Record<string, string>>;

/**
 * WebGPU of this browser, or of the package `webgpu` in a process of its own.
 *
 * @param from the file from whose place packages are looked for
 */
export async function describeWebgpu(from: string): Promise<BackendDescription> {
  const gpu = currentGpu();
  if (!isNode()) {
    if (!gpu) return notAvailable(noWebgpu);
    const adapter = await gpu.requestAdapter();
    if (!adapter) return notAvailable(noGpu);
    return described(nameOf(adapter), tf.findBackendFactory('webgpu') ? undefined : IN_BUNDLE);
  }
  const found = await probe<Info | null>(ADAPTER, from);
  if ('failure' in found) {
    const { failure } = found;
    const name = failure.message.includes(`'${STOCK}'`) ? STOCK : 'webgpu';
    const packages = [`${STOCK}@${tf.version_core}`, 'webgpu'];
    return notAvailable(whyNotLoaded(name, failure, packages));
  }
  return found.answer ? described(nameOf({ info: found.answer })) : notAvailable(noGpu);
}

// An import would tell, but leave the backend registered.
const IN_BUNDLE = `it needs the package ${STOCK}, if that is not in the page's bundle yet`;

function described(device: string, ...notes: readonly (string | undefined)[]): BackendDescription {
  const note = [isSoftware(device) && SOFTWARE_NOTE, ...notes].filter(Boolean).join('; ');
  return { isAvailable: true, device, trains: true, ...(note && { note }) };
}

const ADAPTER = `
require.resolve('${STOCK}');
const { create, globals } = await load('webgpu');
Object.assign(globalThis, globals);
const adapter = await create([]).requestAdapter();
const { vendor, architecture, description } = adapter?.info ?? {};
answer(adapter && { vendor, architecture, description });
`;
