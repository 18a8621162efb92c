import { useBackend } from '@ganloom/backends';
import { conformanceFamilies, testsOfFewCases } from '@ganloom/kernels/testing';
import { gradientFindings, kernelFindings } from './checks';
import { type Measured, weightsOf } from './measured';
import { trainedWeights } from './trainings';

/** All of them would take a GPU that is a program many minutes. */
const testsOf = (backend: string) =>
  backend === 'webgpu' ? testsOfFewCases() : conformanceFamilies.flatMap(({ tests }) => tests);

/** Trains and checks in this process of Node. */
export async function runHere(backend: string, onlyTrain: boolean): Promise<Measured> {
  const start = () => useBackend(backend, { onWarning: () => undefined });
  const weights = await weightsOf(trainedWeights, start);
  if (onlyTrain) return { weights, kernels: {}, gradients: {} };
  return {
    weights,
    kernels: await kernelFindings(backend, testsOf(backend)),
    gradients: await gradientFindings(backend),
  };
}
