import { GanloomError, type Sampler } from '@ganloom/core';
import { registerLayers } from '@ganloom/models';
import { loadModel, type ReadableStore } from '@ganloom/storage';
import type * as tf from '@tensorflow/tfjs';
import { withClassNames } from './class-names';

/** A network that was saved with what it takes to draw with it. The caller disposes the network. */
export interface SavedGenerator {
  readonly model: tf.LayersModel;
  readonly sampler: Sampler;
}

/**
 * Loads a generator that `trainRecipe` saved.
 *
 * @param classNames those of the run, for generators that were saved without them
 * @throws GanloomError if it is not there, damaged, or none that draws from latents and classes.
 */
export async function loadSavedGenerator(
  store: ReadableStore,
  classNames?: readonly string[],
): Promise<SavedGenerator> {
  registerLayers();
  const model = await loadModel(store);
  const metadata = model.getUserDefinedMetadata() as { ganloom?: unknown } | undefined;
  const sampler = metadata?.ganloom
    ? samplerIn(metadata.ganloom, model)
    : plainSampler(model, classNames);
  if (sampler) return { model, sampler };
  model.dispose();
  throw new GanloomError(
    `${store.describe()} must hold a generator that draws from latents and classes, but its model.json ` +
      'says of none; use the command of its recipe',
  );
}

/** What `model.json` says, if it is whole and fits the network. */
function samplerIn(metadata: object, model: tf.LayersModel): Sampler | undefined {
  const { inputs, classNames } =
    (metadata as { sampler?: Partial<Sampler> | null }).sampler ?? ({} as Partial<Sampler>);
  if (!Array.isArray(inputs) || inputs.length !== model.inputs.length) return undefined;
  const isCount = (n: unknown) => Number.isSafeInteger(n) && (n as number) > 0;
  const fits = inputs.every((input: Partial<Sampler['inputs'][number]> | null, i) => {
    const wanted = model.inputs[i]!.shape.slice(1);
    if (input?.kind === 'class') return isCount(input.classes) && wanted.join() === '1';
    if (input?.kind !== 'normal' || !Array.isArray(input.shape)) return false;
    return input.shape.every(isCount) && input.shape.join() === wanted.join();
  });
  const areNames = Array.isArray(classNames) && classNames.every((one) => typeof one === 'string');
  return fits ? withClassNames({ inputs }, areNames ? classNames : undefined) : undefined;
}

/** Of a network that was saved without: one input of rank 2 is a latent, one of integers beside it a class. */
function plainSampler(model: tf.LayersModel, classNames?: readonly string[]): Sampler | undefined {
  const [input, label, ...others] = model.inputs;
  const size = input?.shape[1];
  if (others.length > 0 || input?.shape.length !== 2 || typeof size !== 'number') return undefined;
  const latent = { kind: 'normal', shape: [size] } as const;
  if (!label) return { inputs: [latent] };
  if (label.dtype !== 'int32' || !classNames) return undefined;
  return { inputs: [latent, { kind: 'class', classes: classNames.length }], classNames };
}
