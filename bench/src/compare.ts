import { median, type SettingResult, summarize, type WorkloadResult } from './result';
import type { Turn } from './serve';
import type { Side } from './side';
import type { Workload } from './workload';

/** A process in the comparison. */
export interface Contestant {
  readonly side: 'ours' | 'pytorch';
  readonly threads: number;
  readonly process: Side;
}

/**
 * Times all contestants in turns, so that what disturbs the machine disturbs all of them alike.
 *
 * Only one runs at a time; the first turn of each warms it up and does not count.
 */
export async function compare(
  workload: Workload,
  contestants: readonly Contestant[],
  rounds: number,
  onTurn: (done: number, total: number) => void = () => undefined,
): Promise<WorkloadResult> {
  const turns = contestants.map((): Turn[] => []);
  const total = (rounds + 1) * contestants.length;
  for (let round = 0; round <= rounds; round++) {
    for (const [i, { process }] of contestants.entries()) {
      const turn = await process.run(workload.stepsPerTurn);
      if (round > 0) turns[i]!.push(turn);
      onTurn(round * contestants.length + i + 1, total);
    }
  }
  const settings = contestants.map(({ side, threads }, i): SettingResult => {
    const ms = turns[i]!.flatMap((turn) => turn.ms);
    const sum = (key: 'idleMs' | 'idleCpuMs') => turns[i]!.reduce((t, turn) => t + turn[key], 0);
    return {
      side,
      threads,
      medianMs: median(ms),
      minMs: Math.min(...ms),
      steps: ms.length,
      peakMB: turns[i]!.at(-1)!.peakMB,
      idleLoad: sum('idleMs') > 0 ? sum('idleCpuMs') / sum('idleMs') : 0,
    };
  });
  return summarize(workload, settings);
}
