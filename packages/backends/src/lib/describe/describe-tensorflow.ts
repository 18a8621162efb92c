import * as tf from '@tensorflow/tfjs';
import { isNode } from '../is-node';
import { anotherCopy, noCuda, onlyInNode, type TensorflowPackage } from '../tensorflow';
import { whyNotLoaded } from '../unavailable';
import { type BackendDescription, notAvailable } from './backend-description';
import { probe } from './probe';

interface Answer {
  readonly isRegistered: boolean;
  readonly usesGpu?: boolean;
  readonly threads: number;
  readonly gpu?: string;
}

/**
 * libtensorflow, in a process of its own.
 *
 * @param from the file from whose place the package is looked for
 */
export async function describeTensorflow(
  name: TensorflowPackage,
  from: string,
): Promise<BackendDescription> {
  if (!isNode()) return notAvailable(onlyInNode(name));
  const found = await probe<Answer>(programOf(name), from);
  if ('failure' in found) {
    return notAvailable(whyNotLoaded(name, found.failure, [`${name}@${tf.version_core}`]));
  }
  const { isRegistered, usesGpu, threads, gpu } = found.answer;
  if (!isRegistered) return notAvailable(anotherCopy(name));
  if (name === '@tensorflow/tfjs-node') {
    return { isAvailable: true, device: 'CPU, libtensorflow', threads, trains: true };
  }
  if (usesGpu === false) return notAvailable(noCuda);
  return { isAvailable: true, device: `${gpu ?? 'CUDA GPU'}, libtensorflow`, trains: true };
}

const programOf = (name: TensorflowPackage): string => `
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
require.resolve('${name}');
const { default: tf } = await load('@tensorflow/tfjs');
await load('${name}');
const isRegistered = Boolean(tf.findBackendFactory('tensorflow'));
const query = ['--query-gpu=name', '--format=csv,noheader'];
const gpu = (spawnSync('nvidia-smi', query, { encoding: 'utf8' }).stdout ?? '').split('\\n')[0];
answer({
  isRegistered,
  usesGpu: isRegistered && tf.backend().isUsingGpuDevice,
  threads: availableParallelism(),
  gpu: gpu || undefined,
});
`;
