import { useBackend } from '@ganloom/backends';
import { gradientFamilies } from '@ganloom/gradient-table/gradient-cases';
import { expectedGradients, measure } from '@ganloom/gradient-table/measure';
import { isRight } from '@ganloom/gradient-table/table';
import { installGradients } from '@ganloom/gradients';
import { checkKernels, type ConformanceTest } from '@ganloom/kernels/testing';
import * as tf from '@tensorflow/tfjs';

/** What a check of a name found: undefined if all is well. */
export type Findings = Record<string, string | undefined>;

/** Of the functions of GPUs, which are less exact than those of the other backends. */
const PRECISION: Readonly<Record<string, number>> = { webgl: 1e-5, webgpu: 1e-5 };

/** Each conformance test on a backend, which `useBackend` starts anew after an error of the device. */
export async function kernelFindings(
  backend: string,
  tests: readonly ConformanceTest[],
): Promise<Findings> {
  installGradients();
  const precision = PRECISION[backend] ?? 0;
  const findings: Findings = {};
  for (const test of tests) {
    const { tfjsName } = await useBackend(backend, { onWarning: () => undefined });
    // Else the code of the cpu backend would compute small tensors.
    if (backend === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
    if (backend === 'webgl') tf.env().set('WEBGL_CPU_FORWARD', false);
    findings[test.name] = await checkKernels(tfjsName, { tests: [test], precision }).then(
      () => undefined,
      (error: Error) => error.message.split('\n').at(-1)!.replace(`${test.name}: `, ''),
    );
  }
  return findings;
}

/** The first trial of each gradient of the table. */
export async function gradientFindings(backend: string): Promise<Findings> {
  installGradients();
  const findings: Findings = {};
  const cases = gradientFamilies.flatMap((family) => family.cases);
  for (const { name, trials, unrepaired, unreliable = {} } of cases) {
    if (unrepaired !== undefined || backend in unreliable) continue;
    await useBackend(backend, { onWarning: () => undefined });
    const { first, second } = await measure(trials[0]!, expectedGradients(trials[0]!));
    const wrong = [first, second].find((one) => !isRight(one));
    findings[name] =
      wrong && ('message' in wrong ? wrong.message : `it is off by ${wrong.error} of the largest`);
  }
  return findings;
}
