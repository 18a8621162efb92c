import { profileKernels } from '@ganloom/backend-wasm';
import { useBackend } from '@ganloom/backends';
import { UsageError } from '@ganloom/core';
import { table } from './table';
import { workloads } from './workloads/index';

export interface KernelsOptions {
  /** Name of a workload or of a group; default: all training steps. */
  readonly only: string;
  readonly steps: number;
  readonly threads: number;
  /** Kernels to show of each workload. */
  readonly most: number;
}

/**
 * Prints where each workload's time goes on the WebAssembly backend: kernel by kernel, with those that
 * still run in JavaScript marked, and what share of all kernels' time these take.
 */
export async function kernels({ only, steps, threads, most }: KernelsOptions): Promise<void> {
  const chosen = workloads.filter(({ name, group }) => name === only || group === only);
  if (chosen.length === 0) throw new UsageError(`bench: there is no workload ${only}`);
  await useBackend('wasm', { threads });
  for (const { name, prepare } of chosen) {
    const step = await prepare();
    await step();
    const begin = performance.now();
    const stop = profileKernels();
    for (let i = 0; i < steps; i++) await step();
    const times = stop();
    const wall = performance.now() - begin;
    const total = times.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const slow = times.filter(({ runsIn }) => runsIn === 'javascript');
    const inJavascript = slow.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const perStep = (ms: number) => (ms / steps).toFixed(2);
    const percent = (ms: number) => `${((100 * ms) / total).toFixed(1)} %`;
    const rows = [...times.slice(0, most), ...slow.filter((one) => times.indexOf(one) >= most)].map(
      (one) => [
        one.name,
        one.runsIn === 'javascript' ? 'JavaScript' : '',
        (one.calls / steps).toFixed(0),
        perStep(one.milliseconds),
        percent(one.milliseconds),
      ],
    );
    console.log(
      `${name}: ${perStep(wall)} ms a step, ${perStep(total)} in kernels, ` +
        `${percent(inJavascript)} of them in JavaScript`,
    );
    console.log(`${table(['kernel', '', 'calls', 'ms', 'share'], rows)}\n`);
  }
}
