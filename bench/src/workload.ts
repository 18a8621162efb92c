/** The PyTorch side of a workload: a script of `peers/` that speaks the protocol of `peers/serve.py`. */
export interface PeerScript {
  readonly script: string;
  /** All arguments but `--threads`. */
  readonly args: readonly string[];
}

/** Something to time. A new one is a file in `workloads/` and a line in `workloads/index.ts`. */
export interface Workload {
  readonly name: string;
  /** `--only` takes this name too. */
  readonly group?: string;
  /** What one step is, in a line. */
  readonly about: string;
  /** Floating-point operations of a step; a multiplication and an addition count as two. */
  readonly flops?: number;
  /** Bytes that a step must read and write, where that is what limits it. */
  readonly bytes?: number;
  /** Steps in a row before the other side has its turn. */
  readonly stepsPerTurn: number;
  readonly peer?: PeerScript;
  /** Builds our side on the current backend. The step resolves when its results are there. */
  prepare(): Promise<() => Promise<void>>;
}
