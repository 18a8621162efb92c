import type { Player, RandomStream } from '@ganloom/core';

/** What a metric looks at. */
export interface MetricContext {
  /** Generator updates done. */
  readonly step: number;
  /** The networks that draw the samples: the averaged ones if there is an average. */
  readonly models: Player['models'];
  /** The same each time, so that values compare. */
  readonly random: RandomStream;
}

/**
 * A number that says how good the generator is, computed now and then. It is one of the statistics of
 * the metrics event, and so in `metrics.jsonl`, for stop rules and for the best checkpoint.
 */
export interface Metric {
  /** Its name among the statistics. */
  readonly name: string;
  /** Steps from one value to the next; the last of a stage has one too. */
  readonly every: number;
  /** Leaves no tensor over. */
  value(context: MetricContext): number | Promise<number>;
}
