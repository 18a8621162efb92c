import { describeBackends, type NamedDescription, useBackend } from '@ganloom/backends';
import { testsOfFewCases } from '@ganloom/kernels/testing';
import { type Findings, gradientFindings, kernelFindings } from './checks';
import { trainedWeights, type Weights } from './trainings';

declare global {
  interface Window {
    /** Nothing is started for it. */
    describe(): Promise<readonly NamedDescription[]>;
    /** Starts a backend and says what it runs on. */
    start(backend: string): Promise<string>;
    kernels(backend: string, cases?: number): Promise<Findings>;
    gradients(backend: string): Promise<Findings>;
    training(name: string): Promise<Weights>;
  }
}

window.describe = () => describeBackends();
window.start = async (backend) => (await useBackend(backend)).device;
window.kernels = (backend, cases) => kernelFindings(backend, testsOfFewCases(cases));
window.gradients = gradientFindings;
window.training = trainedWeights;
