import { lastOnes, type Symptom } from './symptom';

// So many logged steps; optimizers make their slots in the first one.
const WINDOW = 12;

/** There are more tensors at each logged step than at the one before. */
export function memoryGrowth(): Symptom {
  const lastCounts = lastOnes<number>(WINDOW);
  const lastSteps = lastOnes<number>(WINDOW);
  return {
    name: 'memory growth',
    examine({ step, tensors }) {
      if (tensors === undefined) return undefined;
      const counts = lastCounts(tensors);
      const steps = lastSteps(step);
      const grows = counts.every((count, i) => i === 0 || count > counts[i - 1]!);
      if (counts.length < WINDOW || !grows) return undefined;
      const more = (tensors - counts[0]!) / (step - steps[0]!);
      return (
        `memory grows: there are ${tensors} tensors at step ${step}, ${Number(more.toFixed(1))} more ` +
        'with each step; something of the variant, or of a sink, makes tensors and does not dispose them'
      );
    },
  };
}
