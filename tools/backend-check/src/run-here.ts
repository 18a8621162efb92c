import { useBackend } from '@ganloom/backends';
import { conformanceFamilies, testsOfFewCases } from '@ganloom/kernels/testing';
import { gradientFindings, kernelFindings } from './checks';
import type { Measured } from './measured';
import { trainedWeights, trainingNames, type Weights } from './trainings';

/** All of them would take a GPU that is a program many minutes. */
const testsOf = (backend: string) =>
  backend === 'webgpu' ? testsOfFewCases() : conformanceFamilies.flatMap(({ tests }) => tests);

/** Trains and checks in this process of Node. */
export async function runHere(backend: string, onlyTrain: boolean): Promise<Measured> {
  await useBackend(backend, { onWarning: () => undefined });
  const weights: Record<string, Weights | { readonly message: string }> = {};
  for (const name of trainingNames) {
    weights[name] = await trainedWeights(name).catch(({ message }: Error) => ({ message }));
    await useBackend(backend, { onWarning: () => undefined });
  }
  if (onlyTrain) return { weights, kernels: {}, gradients: {} };
  return {
    weights,
    kernels: await kernelFindings(backend, testsOf(backend)),
    gradients: await gradientFindings(backend),
  };
}
