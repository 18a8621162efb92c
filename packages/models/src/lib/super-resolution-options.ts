import { type RandomStream, UsageError } from '@ganloom/core';

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

/** @throws UsageError if one is no positive integer. */
export function requireCounts(where: string, counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new UsageError(`${where}: ${name} must be a positive integer, got ${value}`);
    }
  }
}
