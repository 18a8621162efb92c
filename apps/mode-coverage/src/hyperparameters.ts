/** What targets have defaults for, and methods may have others. */
export interface Hyperparameters {
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly discriminatorLearningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  /** Decay of the generator's average; 0 for none. */
  readonly ema: number;
  /** Width of the networks, where pictures are made. */
  readonly filters?: number;
}
