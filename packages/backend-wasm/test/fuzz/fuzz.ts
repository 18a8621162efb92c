import { restartWasm } from '../restart-wasm';
import { type Run, runProgram } from './compare';
import { type Program, writeProgram } from './program';
import { showAsTest } from './show';

export interface FuzzResult {
  readonly programs: number;
  /** How many of them had a gradient, and how many operations there were in all. */
  readonly gradients: number;
  readonly operations: number;
  /** The failing programs, each as a test. */
  readonly failures: readonly string[];
}

export interface FuzzOptions {
  readonly seed: number;
  /** Stops after the first batch for which this is false. */
  readonly goOn: (programs: number) => boolean;
  readonly batch: number;
  /** Stops after so many failures. */
  readonly most?: number;
}

/**
 * Compares this backend with cpu on random programs: on two threads and on one, which must agree bit
 * by bit, and on both modules in turn. The same seed makes the same programs.
 */
export async function fuzz({ seed, goOn, batch, most = 1 }: FuzzOptions): Promise<FuzzResult> {
  const failures: string[] = [];
  let [programs, gradients, operations] = [0, 0, 0];
  for (let round = 0; failures.length < most && goOn(programs); round++) {
    const all: Program[] = [];
    for (let i = 0; i < batch; i++) all.push(writeProgram(1_000_003 * seed + programs + i, 8));
    const relaxedSimd = round % 2 === 0;
    await restartWasm({ threads: 2, relaxedSimd });
    const onTwo = all.map(runProgram);
    await restartWasm({ threads: 1, relaxedSimd });
    for (const [i, program] of all.entries()) {
      const onOne = runProgram(program);
      const difference =
        onTwo[i]!.difference ?? onOne.difference ?? bitDifference(onTwo[i]!, onOne);
      if (difference !== undefined && failures.length < most) {
        failures.push(showAsTest(program, difference));
      }
      if (program.gradient !== undefined) gradients++;
      operations += program.statements.length;
    }
    programs += batch;
  }
  return { programs, gradients, operations, failures };
}

function bitDifference(onTwo: Run, onOne: Run) {
  for (const [i, values] of onTwo.values.entries()) {
    const other = onOne.values[i]!;
    for (let j = 0; j < values.length; j++) {
      if (Object.is(values[j], other[j])) continue;
      const what = `result ${i} has ${values[j]} on two threads and ${other[j]} on one, at ${j}`;
      return { what, name: 'the program', gradient: false };
    }
  }
  return undefined;
}
