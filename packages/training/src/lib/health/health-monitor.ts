import * as tf from '@tensorflow/tfjs';
import type { MetricsEvent, Sink } from '../events';
import { whereNotFinite } from '../first-not-finite';
import { augmentationSaturated } from './augmentation-saturated';
import { classesIgnored } from './classes-ignored';
import { discriminatorWon } from './discriminator-won';
import { memoryGrowth } from './memory-growth';
import { modeCollapse } from './mode-collapse';
import { modesMissing } from './modes-missing';
import { oscillation } from './oscillation';
import type { Observation, Symptom } from './symptom';
import { vanishedGradient } from './vanished-gradient';

/** What is wrong with a run, in words. */
export interface Verdict {
  /** In a few words: `discriminator won`, `mode collapse suspected`, … */
  readonly name: string;
  readonly stage?: string;
  /** Where it was noticed first. */
  readonly step: number;
  /** Where it was seen last. */
  readonly lastStep: number;
  readonly message: string;
}

/** A sink that judges a training, and what it has found. */
export interface HealthMonitor {
  /** Watches a run. */
  readonly sink: Sink;
  /** What was wrong so far, in the order of notice. */
  verdicts(): readonly Verdict[];
  /** Looks at logged steps of an earlier part of the run, without a warning. */
  recall(rows: readonly Omit<MetricsEvent, 'type'>[]): void;
}

/** Settings of {@link healthMonitor}. */
export interface HealthMonitorOptions {
  /** Is told each verdict once; default: one line by `console.error`. */
  readonly warn?: (verdict: Verdict) => void;
  /** What to look for; default: {@link symptoms}. */
  readonly symptoms?: readonly (() => Symptom)[];
}

/** What goes wrong with GANs, all that is looked for. */
export const symptoms: readonly (() => Symptom)[] = [
  discriminatorWon,
  vanishedGradient,
  modeCollapse,
  modesMissing,
  classesIgnored,
  oscillation,
  augmentationSaturated,
  memoryGrowth,
];

/** Watches losses and statistics for what a practitioner would see in them. Costs next to nothing. */
export function healthMonitor({
  warn = warnOnConsole,
  symptoms: known = symptoms,
}: HealthMonitorOptions = {}): HealthMonitor {
  const verdicts: Verdict[] = [];
  let stage: string | undefined;
  let watched = known.map((make) => make());

  const note = (name: string, at: Pick<Verdict, 'step' | 'stage'>, message: string) => {
    const known = verdicts.findIndex((one) => one.name === name && one.stage === at.stage);
    if (known >= 0) {
      verdicts[known] = { ...verdicts[known]!, lastStep: at.step };
      return undefined;
    }
    const inStage = at.stage === undefined ? {} : { stage: at.stage };
    const verdict = { name, ...inStage, step: at.step, lastStep: at.step, message };
    verdicts.push(verdict);
    return verdict;
  };
  const examine = (row: Observation): Verdict[] => {
    if (row.stage !== stage) watched = known.map((make) => make());
    stage = row.stage;
    return watched.flatMap((symptom) => {
      const message = symptom.examine(row);
      return (message !== undefined && note(symptom.name, row, message)) || [];
    });
  };

  return {
    verdicts: () => verdicts,
    recall: (rows) => rows.forEach(examine),
    sink(event) {
      if (event.type === 'metrics') {
        const { numTensors: tensors, numBytes: bytes } = tf.memory();
        examine({ ...event, tensors, bytes }).forEach(warn);
      } else if (event.type === 'not-finite') {
        const { step, loss, value } = event;
        // No warning: the training ends with an error that says the same.
        note(
          'not finite',
          { step, ...(stage !== undefined && { stage }) },
          `the loss "${loss}" became ${value} at step ${step}; lower the learning rate, or check the data ` +
            `for NaN (${whereNotFinite(event)})`,
        );
      }
    },
  };
}

function warnOnConsole({ message }: Verdict): void {
  console.error(`warning: ${message}`);
}
