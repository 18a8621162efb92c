import type { Batch } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { turn } from './event-loop';

/** Batches by their positions, asked for in order. */
export interface Prefetched {
  /** The caller owns it. */
  at(position: number): Batch | Promise<Batch>;
  /** Disposes a batch that was begun and not taken. */
  end(): Promise<void>;
}

/**
 * Begins to make each batch below `count` while the one before it is in use, where `make` takes its
 * time: pictures are read and decoded by other threads while the step computes. Batches that are there
 * at once are made when they are asked for.
 */
export function prefetched(
  make: (position: number) => Batch | Promise<Batch>,
  count: number,
): Prefetched {
  let next: { readonly position: number; readonly batch: Promise<Batch> } | undefined;
  const end = async () => {
    const left = next;
    next = undefined;
    // A failure of a batch that nobody takes is nobody's.
    await left?.batch.then((batch) => tf.dispose(batch)).catch(() => {});
  };
  return {
    async at(position) {
      if (next && next.position !== position) await end();
      const batch = next?.batch ?? make(position);
      next = undefined;
      const taken = await batch;
      if (batch instanceof Promise && position + 1 < count) {
        next = { position: position + 1, batch: Promise.resolve(make(position + 1)) };
        // It fails, if so, where it is taken.
        next.batch.catch(() => {});
        // Its work reaches the other threads a few promises later, and the step that comes now
        // lets no promise go on.
        await turn();
      }
      return taken;
    },
    end,
  };
}
