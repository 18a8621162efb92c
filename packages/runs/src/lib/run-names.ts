/** The names of a run's parts in its store. Event files of TensorBoard are `events.out.tfevents.*`. */
export const runNames = {
  config: 'config.json',
  /** There while a program trains, and after a kill; see `lockRun`. */
  lock: 'run.lock',
  metrics: 'metrics.jsonl',
  samples: 'samples',
  checkpoints: 'checkpoints',
  generator: 'generator',
  /** That of the best checkpoint, where one is kept. */
  bestGenerator: 'generator-best',
  /** What `evaluate` finds. */
  evaluation: 'evaluate.json',
  summary: 'summary.json',
  report: 'report.html',
} as const;

/** The name of the generator that a stage has left to the next. */
export function generatorAfter(stage: string): string {
  return `${runNames.generator}${endingAfter(stage)}`;
}

/** How a network's name ends where that of the best checkpoint is kept. */
export const BEST_ENDING = '-best';

/** How a network's name ends that a stage has left to the next. */
export function endingAfter(stage: string): string {
  return `-${stage}`;
}

/** The name of the samples of a step. */
export function samplesAt(step: number): string {
  return `${runNames.samples}/step-${String(step).padStart(6, '0')}.png`;
}
