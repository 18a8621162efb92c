import { useBackend } from '@ganloom/backends';
import { testsOfFewCases } from '@ganloom/kernels/testing';
import { type Findings, gradientFindings, kernelFindings } from './checks';
import { trainedWeights, type Weights } from './trainings';

declare global {
  interface Window {
    start(backend: string): Promise<string>;
    kernels(backend: string, precision: number, only?: string): Promise<Findings>;
    gradients(backend: string): Promise<Findings>;
    training(name: string): Promise<Weights>;
  }
}

window.start = async (backend) => (await useBackend(backend)).device;
window.kernels = (backend, precision, only) =>
  kernelFindings(
    backend,
    testsOfFewCases().filter(({ name }) => only === undefined || name === only),
    precision,
  );
window.gradients = gradientFindings;
window.training = trainedWeights;
