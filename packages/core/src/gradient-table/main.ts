// Writes docs/second-order-gradients.md. Every column is measured in a process of its own, as
// gradients that are once installed stay so.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { registerWasmBackend } from '@ganloom/backend-wasm';
import * as tf from '@tensorflow/tfjs';
import { installGradients } from '../lib/gradients/install-gradients';
import { gradientFamilies } from './gradient-cases';
import { expectedGradients, measure } from './measure';
import { type Measurements, gradientTable } from './table';

const backends = ['cpu', 'ganloom-wasm'];
const [first, backend, when] = process.argv.slice(2);

if (first === '--measure') {
  registerWasmBackend();
  if (!(await tf.setBackend(backend!))) throw new Error(`gradients: no backend ${backend}`);
  if (when === 'installed') installGradients();
  const cases = gradientFamilies.flatMap((family) => family.cases);
  const measurements = cases.map((gradientCase): [string, object] => [
    gradientCase.name,
    measure(gradientCase, expectedGradients(gradientCase)),
  ]);
  process.stdout.write(JSON.stringify(Object.fromEntries(measurements)), () => process.exit(0));
} else {
  const run = (name: string, state: string): Measurements => {
    const args = [process.argv[1]!, '--measure', name, state];
    console.error(`measuring ${name}, ${state}`);
    // Standard error is TensorFlow.js recommending another backend.
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    const output = execFileSync(process.execPath, args, { stdio: [...stdio], encoding: 'utf8' });
    return JSON.parse(output) as Measurements;
  };
  const measured = backends.map((name) => ({
    backend: name,
    stock: run(name, 'stock'),
    installed: run(name, 'installed'),
  }));
  writeFileSync(first!, gradientTable(gradientFamilies, tf.version_core, measured));
}
