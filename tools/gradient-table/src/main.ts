// Writes docs/second-order-gradients.md. Every column is measured in a process of its own, as
// gradients that are once installed stay so.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { findChromium } from '@ganloom/config/chromium';
import { registerWasmBackend } from '@ganloom/backend-wasm';
import { installGradients } from '@ganloom/gradients';
import * as tf from '@tensorflow/tfjs';
import { gradientFamilies } from './gradient-cases';
import { measureAll, type Measurements } from './measure';
import { backendsInChromium, measureInChromium } from './measure-in-chromium';
import { type BackendMeasurements, gradientTable } from './table';

const [first, backend, when] = process.argv.slice(2);

if (first === '--measure') {
  registerWasmBackend();
  if (!(await tf.setBackend(backend!))) throw new Error(`gradients: no backend ${backend}`);
  if (when === 'installed') installGradients();
  process.stdout.write(JSON.stringify(await measureAll()), () => process.exit(0));
} else {
  const inProcess = (name: string, state: string): Measurements => {
    const args = [process.argv[1]!, '--measure', name, state];
    // Standard error is TensorFlow.js recommending another backend.
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    const output = execFileSync(process.execPath, args, { stdio: [...stdio], encoding: 'utf8' });
    return JSON.parse(output) as Measurements;
  };
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error('gradients: no Chromium found; install one, or set CHROMIUM_PATH');
  }
  const measured: BackendMeasurements[] = [];
  for (const name of ['cpu', 'ganloom-wasm'] as const) {
    console.error(`measuring ${name}`);
    const [stock, installed] = [inProcess(name, 'stock'), inProcess(name, 'installed')];
    measured.push({ backend: name, stock, installed });
  }
  for (const name of backendsInChromium) {
    console.error(`measuring ${name}`);
    const run = (repaired: boolean) =>
      measureInChromium(executablePath, 'src/page.ts', name, repaired);
    measured.push({ backend: name, stock: await run(false), installed: await run(true) });
  }
  writeFileSync(first!, gradientTable(gradientFamilies, tf.version_core, measured));
}
