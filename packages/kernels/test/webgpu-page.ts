import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs';
import { type Outcome, outcomeOf } from '../src/lib/testing/outcome';
import { webgpuTests } from './webgpu-cases';

declare global {
  interface Window {
    /** What came of the cases of each test, by its name. */
    runOnWebgpu(): Promise<Record<string, Outcome[]>>;
  }
}

window.runOnWebgpu = async () => {
  if (!(await tf.setBackend('webgpu'))) throw new Error('conformance: no backend webgpu');
  // Else the code of the cpu backend would compute small tensors.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  const outcomes: Record<string, Outcome[]> = {};
  for (const { name, cases } of webgpuTests) {
    const ofTest: Outcome[] = (outcomes[name] = []);
    for (const { op, inputs } of cases()) ofTest.push(await outcomeOf(op, inputs));
  }
  return outcomes;
};
