import { UsageError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import type { BackendOptions, BackendStart, StartBackend } from './backend';
import { startCpu } from './cpu';
import { startTensorflow } from './tensorflow';
import { startWasm } from './wasm';
import { startWebgl } from './webgl';
import { startWebgpu } from './webgpu';

const starters = {
  wasm: startWasm,
  webgpu: startWebgpu,
  webgl: startWebgl,
  node: startTensorflow('@tensorflow/tfjs-node', 'CPU, libtensorflow'),
  'node-gpu': startTensorflow('@tensorflow/tfjs-node-gpu', 'CUDA GPU, libtensorflow'),
  cpu: startCpu,
} satisfies Record<string, StartBackend>;

/** A name that {@link useBackend} knows. */
export type BackendName = keyof typeof starters;

/** All that {@link useBackend} knows, the default first. */
export const backendNames = Object.keys(starters) as BackendName[];

/** What {@link useBackend} says of the backend that it started. */
export interface BackendReport extends BackendStart {
  readonly name: BackendName;
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * Loads a backend, selects it for all of TensorFlow.js, and says what it runs on.
 *
 * Never falls back to another one: what cannot start is an error.
 *
 * @throws UsageError if there is no backend of that name.
 * @throws GanloomError if it cannot be loaded or started, with the reason and a remedy.
 */
export async function useBackend(
  name: string = 'wasm',
  options: BackendOptions = {},
): Promise<BackendReport> {
  if (!Object.hasOwn(starters, name)) {
    throw new UsageError(
      `useBackend: backend must be one of ${backendNames.join(', ')}, got "${name}"`,
    );
  }
  const known = name as BackendName;
  const start = await starters[known](options);
  started = {
    selected: tf.getBackend(),
    report: {
      name: known,
      ...start,
      versions: { '@tensorflow/tfjs': tf.version.tfjs, ...start.versions },
    },
  };
  return started.report;
}

let started: { readonly selected: string; readonly report: BackendReport } | undefined;

/** What {@link useBackend} said last, if that backend is still the one that TensorFlow.js has selected. */
export function startedBackend(): BackendReport | undefined {
  return started && started.selected === tf.getBackend() ? started.report : undefined;
}
