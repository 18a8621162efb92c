import { figure, lastOnes, type Symptom } from './symptom';

// So many logged steps: p may pass the limit for a while and come back.
const PATIENCE = 20;
// From here on the generator may learn to make augmented pictures: Karras et al. 2020, arXiv 2006.06676.
const SAFE = 0.8;

/** The probability of adaptive augmentation stays where augmentations leak into the samples. */
export function augmentationSaturated(): Symptom {
  const lastProbabilities = lastOnes<number>(PATIENCE);
  const lastSteps = lastOnes<number>(PATIENCE);
  return {
    name: 'augmentation saturated',
    checks: {
      what: 'saturated augmentation',
      of: ['augmentationProbability'],
      times: PATIENCE,
      ifAny: true,
    },
    examine({ step, statistics: { augmentationProbability: probability } }) {
      if (probability === undefined) return undefined;
      const recent = lastProbabilities(probability);
      const steps = lastSteps(step);
      if (recent.length < PATIENCE || recent.some((one) => one < SAFE)) return undefined;
      return (
        `the augmentation is saturated: its probability is ${figure(probability)} at step ${step}, and has ` +
        `been ${SAFE} or more since step ${steps[0]!}, so the discriminator knows the real pictures by ` +
        'heart although they are changed, and samples may come to look augmented; take more data, more ' +
        'kinds of augmentation, a gradient penalty or a smaller discriminator, or an earlier checkpoint'
      );
    },
  };
}
