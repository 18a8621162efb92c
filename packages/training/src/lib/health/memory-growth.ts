import { figure, lastOnes, type Symptom } from './symptom';

// So many logged steps; optimizers make their slots in the first one.
const WINDOW = 12;

/** There are more tensors, or larger ones, at each logged step than at the one before. */
export function memoryGrowth(): Symptom {
  const lastCounts = lastOnes<number>(WINDOW);
  const lastBytes = lastOnes<number>(WINDOW);
  const lastSteps = lastOnes<number>(WINDOW);
  return {
    name: 'memory growth',
    examine({ step, tensors, bytes }) {
      if (tensors === undefined || bytes === undefined) return undefined;
      const steps = lastSteps(step);
      const perStep = (values: readonly number[]) =>
        (values.at(-1)! - values[0]!) / (step - steps[0]!);
      const [counts, sizes] = [lastCounts(tensors), lastBytes(bytes)];
      if (grows(counts)) {
        const more = Number(perStep(counts).toFixed(1));
        return (
          `memory grows: there are ${tensors} tensors at step ${step}, ${more} more with each step; ` +
          'something of the variant, or of a sink, makes tensors and does not dispose them'
        );
      }
      if (!grows(sizes)) return undefined;
      return (
        `memory grows: the tensors take ${figure(bytes / 1e6)} MB at step ${step}, ` +
        `${figure(perStep(sizes) / 1e3)} kB more with each step; something of the variant, or of a sink, ` +
        'keeps tensors that become larger'
      );
    },
  };
}

function grows(values: readonly number[]): boolean {
  return values.length === WINDOW && values.every((value, i) => i === 0 || value > values[i - 1]!);
}
