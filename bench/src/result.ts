import type { Workload } from './workload';

/** One side with one number of threads. */
export interface SettingResult {
  readonly side: 'ours' | 'pytorch';
  readonly threads: number;
  readonly medianMs: number;
  readonly minMs: number;
  readonly steps: number;
  readonly peakMB: number;
  /** Processor time per time while the other sides had their turns; a spinning pool has 1 or more. */
  readonly idleLoad: number;
}

/** One workload, each side with its better number of threads. */
export interface WorkloadResult {
  readonly name: string;
  readonly oursMs: number;
  readonly oursThreads: number;
  readonly pytorchMs?: number;
  readonly pytorchThreads?: number;
  /** Our time / PyTorch's: below 1 we are faster. */
  readonly ratio?: number;
  readonly oursGflops?: number;
  readonly pytorchGflops?: number;
  readonly oursGBps?: number;
  /** One step on the stock cpu backend of TensorFlow.js, its first. */
  readonly tfjsCpuMs?: number;
  readonly settings: readonly SettingResult[];
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

export function summarize(
  { name, flops, bytes }: Pick<Workload, 'name' | 'flops' | 'bytes'>,
  settings: readonly SettingResult[],
): WorkloadResult {
  const best = (side: SettingResult['side']) =>
    settings.filter((s) => s.side === side).sort((a, b) => a.medianMs - b.medianMs)[0];
  const ours = best('ours')!;
  const theirs = best('pytorch');
  const perSecond = (amount: number, { medianMs }: SettingResult) => amount / medianMs / 1e6;
  return {
    name,
    oursMs: ours.medianMs,
    oursThreads: ours.threads,
    ...(theirs && {
      pytorchMs: theirs.medianMs,
      pytorchThreads: theirs.threads,
      ratio: ours.medianMs / theirs.medianMs,
    }),
    ...(flops !== undefined && { oursGflops: perSecond(flops, ours) }),
    ...(flops !== undefined && theirs && { pytorchGflops: perSecond(flops, theirs) }),
    ...(bytes !== undefined && { oursGBps: perSecond(bytes, ours) }),
    settings,
  };
}
