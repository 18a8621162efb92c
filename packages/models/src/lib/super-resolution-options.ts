import type { RandomStream } from '@ganloom/core';

/** What every super-resolution network is told. */
export interface SuperResolutionNetOptions {
  /** How many times larger the result is, along each side. */
  readonly scale: number;
  /** Of the pictures; default 3. */
  readonly channels?: number;
  /** Residual blocks. */
  readonly blocks?: number;
  /** Channels of the feature maps. */
  readonly filters?: number;
  readonly random: RandomStream;
}
