import { describeBackends, type NamedDescription, useBackend } from '@ganloom/backends';
import { testsOfFewCases } from '@ganloom/kernels/testing';
import * as tf from '@tensorflow/tfjs';
import { type Findings, gradientFindings, kernelFindings } from './checks';
import { trainedWeights, type Weights } from './trainings';

declare global {
  interface Window {
    /** Nothing is started for it. */
    describe(): Promise<readonly NamedDescription[]>;
    /** What TensorFlow.js knows of backends and tensors. */
    engineState(): string;
    /** Starts a backend and says what it runs on. */
    start(backend: string): Promise<string>;
    kernels(backend: string, cases?: number): Promise<Findings>;
    gradients(backend: string): Promise<Findings>;
    training(name: string): Promise<Weights>;
  }
}

window.describe = () => describeBackends();
window.engineState = () => {
  // `tf.memory()` would start a backend.
  const { backendName, registry, registryFactory, state } = tf.engine();
  const names = [registry, registryFactory].map((all) => Object.keys(all));
  return JSON.stringify([backendName, names, state.numTensors]);
};
window.start = async (backend) => (await useBackend(backend)).device;
window.kernels = (backend, cases) => kernelFindings(backend, testsOfFewCases(cases));
window.gradients = gradientFindings;
window.training = trainedWeights;
