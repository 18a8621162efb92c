import { GanloomError, type Sampler } from '@ganloom/core';
import { registerLayers } from '@ganloom/models';
import { loadModel, type Store } from '@ganloom/storage';
import type * as tf from '@tensorflow/tfjs';

/** A network that was saved with what it takes to draw with it. The caller disposes the network. */
export interface SavedGenerator {
  readonly model: tf.LayersModel;
  readonly sampler: Sampler;
}

/**
 * Loads a generator that `trainRecipe` saved.
 *
 * @param classNames those of the run, for generators that were saved without them
 * @throws GanloomError if it is not there, damaged, or none that draws from latents.
 */
export async function loadSavedGenerator(
  store: Store,
  classNames?: readonly string[],
): Promise<SavedGenerator> {
  registerLayers();
  const model = await loadModel(store);
  const sampler = samplerIn(model.getUserDefinedMetadata()) ?? plainSampler(model, classNames);
  if (sampler) return { model, sampler };
  model.dispose();
  throw new GanloomError(
    `${store.describe()} must hold a generator that draws from latents, but its model.json says of ` +
      'none; use the command of its recipe',
  );
}

/** What `model.json` says, if it is whole. */
function samplerIn(metadata: object | undefined): Sampler | undefined {
  const found = (metadata as { ganloom?: { sampler?: Partial<Sampler> } } | undefined)?.ganloom;
  const { inputs, classNames } = found?.sampler ?? {};
  if (!Array.isArray(inputs) || inputs.length === 0) return undefined;
  const isCount = (n: unknown) => Number.isSafeInteger(n) && (n as number) > 0;
  const isWhole = inputs.every((input: Partial<Sampler['inputs'][number]>) =>
    input?.kind === 'class'
      ? isCount(input.classes)
      : input?.kind === 'normal' && Array.isArray(input.shape) && input.shape.every(isCount),
  );
  const named =
    classNames === undefined ||
    (Array.isArray(classNames) && classNames.every((one) => typeof one === 'string'));
  return isWhole && named ? (found!.sampler as Sampler) : undefined;
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
