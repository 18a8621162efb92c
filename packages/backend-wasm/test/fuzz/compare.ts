import * as tf from '@tensorflow/tfjs';
import { BACKEND_NAME } from '../../src/lib/kernels/kernel';
import { wasmInfo } from '../../src/lib/register';
import {
  compile,
  gradientOf,
  lossBody,
  makeInput,
  type Program,
  sliceOf,
  type Values,
  valuesOf,
} from './program';

/** How this backend's results of a program differ from those of cpu. */
export interface Difference {
  readonly what: string;
  /** The tensor, or that of whose squares the gradient was taken. */
  readonly name: string;
  readonly gradient: boolean;
}

export interface Run {
  readonly difference?: Difference;
  /** All values, to compare numbers of threads bit by bit. */
  readonly values: readonly ArrayLike<number>[];
}

/** Runs a program on this backend, which has been started. */
export function runProgram(program: Program): Run {
  void tf.setBackend(BACKEND_NAME);
  const before = state();
  let at = { name: 'the program', gradient: false };
  const values: ArrayLike<number>[] = [];
  const differs = (what: string): Run => ({ difference: { what, ...at }, values });
  try {
    const results = runForward(program);
    for (const [name, expected] of program.expected) {
      at = { name, gradient: false };
      const actual = results.get(name)!;
      values.push(actual.values);
      const what = compare(actual, expected, 1e-4, 1e-5);
      if (what !== undefined) return differs(what);
    }
    if (program.gradient !== undefined) {
      const { of, inputs: names, expected } = program.gradient;
      at = { name: of, gradient: true };
      const { statements, inputs } = sliceOf(program, of);
      const wanted = inputs.filter(({ name }) => names.includes(name));
      const gradients = gradientOf(inputs, wanted, lossBody(statements, of));
      for (const [i, actual] of gradients.entries()) {
        values.push(actual.values);
        const what = compare(actual, expected[i]!, 1e-3, 1e-4);
        if (what !== undefined) return differs(`with respect to ${names[i]}: ${what}`);
      }
    }
  } catch (error) {
    return differs(error instanceof Error ? error.stack! : String(error));
  }
  const after = state();
  at = { name: 'the program', gradient: false };
  return after === before ? { values } : differs(`left memory: ${before} before, ${after} after`);
}

function runForward(program: Program): Map<string, Values> {
  const names = [...program.expected.keys()];
  const statements = program.statements.map(({ text }) => text).join(' ');
  const inputs = program.inputs.map(({ name }) => name);
  const results = new Map<string, Values>();
  tf.tidy(() => {
    const run = compile(inputs, `${statements} return [${names.join(', ')}];`);
    const tensors = run(...program.inputs.map(makeInput)) as tf.Tensor[];
    for (const [i, tensor] of tensors.entries()) results.set(names[i]!, valuesOf(tensor));
  });
  return results;
}

const state = () => `${tf.memory().numTensors} tensors, ${wasmInfo()!.usedBytes} bytes`;

/** What differs, if something does. Exact values must be the same; others close. */
function compare(actual: Values, expected: Values, rtol: number, atol: number): string | undefined {
  const [a, e] = [actual, expected].map((v) => `${v.dtype} [${v.shape.join()}]`);
  if (a !== e) return `got ${a}, expected ${e}`;
  // A result of differences of large numbers is as exact as these.
  const largest = Array.from(expected.values).reduce((m, v) => Math.max(m, Math.abs(v)), 1);
  for (let i = 0; i < expected.values.length; i++) {
    const [x, y] = [actual.values[i]!, expected.values[i]!];
    const allowed = expected.exact ? 0 : rtol * Math.abs(y) + atol * largest;
    if (!(Math.abs(x - y) <= allowed)) {
      return `value ${i} is ${x}, expected ${y}${expected.exact ? ' exactly' : ''}`;
    }
  }
  return undefined;
}
