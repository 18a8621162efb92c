import type { Rates } from '@ganloom/recipes';

/** What targets have defaults for, and methods may have others. */
export interface Hyperparameters extends Rates {
  readonly batch: number;
  /** Samples that the discriminator judges together, as channels of one picture; 1 for none. */
  readonly packing: number;
  readonly beta1: number;
  readonly beta2: number;
  /** Decay of the generator's average; 0 for none. */
  readonly ema: number;
  /** γ of gradient penalties in the first step, for methods that have one. */
  readonly gamma: number;
  /** And in the last: it loses the same share in each. */
  readonly gammaEnd: number;
  /** Steps from one penalty to the next, which is as many times as strong; 1 is not lazy. */
  readonly penaltyEvery: number;
  /** Width of the networks, where pictures are made. */
  readonly filters?: number | undefined;
}
