import { useBackend } from '@ganloom/backends';
import { UsageError } from '@ganloom/core';
import { serve } from './serve';
import { workloads } from './workloads/index';

export interface WorkerOptions {
  readonly workload: string;
  readonly threads: number;
  readonly backend: string;
}

/** Our side of a workload, in a process of its own. */
export async function worker({ workload, threads, backend }: WorkerOptions): Promise<void> {
  const wanted = workloads.find(({ name }) => name === workload);
  if (!wanted) throw new UsageError(`worker: there is no workload ${workload}`);
  const report = await useBackend(backend, { threads });
  const step = await wanted.prepare();
  await serve(step, {
    threads: report.threads ?? threads,
    backend: report.name,
    device: report.device,
    versions: { node: process.versions.node, ...report.versions },
  });
}
