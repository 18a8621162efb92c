import type { Sampler } from '@ganloom/core';
import {
  type Generated,
  generate,
  type GenerateOptions,
  loadSavedGenerator,
} from '@ganloom/recipes';
import type { ReadableStore } from '@ganloom/storage';
import type * as tf from '@tensorflow/tfjs';
import { startBackend } from './start-backend';

/** A generator and how it is asked. Whoever loaded it disposes it. */
export interface LoadedGenerator {
  readonly model: tf.LayersModel;
  /** What the network takes, and names of its classes, if it has some. */
  readonly sampler: Sampler;
  /** Pictures as bytes, the same ones for the same seed. @throws UsageError at wishes that contradict. */
  generate(options?: GenerateOptions): Promise<Generated>;
  dispose(): void;
}

/**
 * Loads a generator that `Gan.save` or a run has kept: `model.json` and `weights.bin` in a store, such as
 * `diskStore('run/generator')` of `@ganloom/storage/node`, or, in a page, `urlStore('run/generator')`.
 *
 * @param backend what computes; default: what `useBackend` has started, or `wasm`
 * @throws GanloomError if it is not there, damaged, or draws from something else than latents and classes.
 */
export async function loadGenerator(
  store: ReadableStore,
  backend?: string,
): Promise<LoadedGenerator> {
  await startBackend(backend);
  const { model, sampler } = await loadSavedGenerator(store);
  return {
    model,
    sampler,
    generate: (options) => generate(model, sampler, options),
    dispose: () => void model.dispose(),
  };
}
