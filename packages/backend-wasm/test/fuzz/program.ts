import * as tf from '@tensorflow/tfjs';
import { Cases } from '@ganloom/kernels/testing';
import { type Expression, operations } from './operations';
import { type Entry, type Input, Scope } from './scope';

/** A random program, as text: what is run is what is printed. */
export interface Program {
  readonly seed: number;
  readonly inputs: readonly Input[];
  readonly statements: readonly Statement[];
  /** What the cpu backend computes: a tensor per name. */
  readonly expected: ReadonlyMap<string, Values>;
  /** The gradient of Σ tensor² with respect to some inputs, if the cpu backend has one. */
  readonly gradient?: Gradient;
}

export interface Statement {
  readonly names: readonly string[];
  readonly text: string;
}

export interface Values {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: ArrayLike<number>;
  readonly exact: boolean;
}

export interface Gradient {
  readonly of: string;
  readonly inputs: readonly string[];
  readonly expected: readonly Values[];
}

const LARGEST_SIZE = 60_000;
/** Larger numbers lose what the comparison looks for. */
const LARGEST_VALUE = 4096;

/** Writes a program while running it on the cpu backend; a call that cpu refuses is left out. */
export function writeProgram(seed: number, length: number): Program {
  void tf.setBackend('cpu');
  const scope = new Scope(Math.imul(seed, 0x9e3779b1));
  const tensors = new Map<string, tf.Tensor>();
  const expected = new Map<string, Values>();
  const statements: Statement[] = [];
  const withoutGradient = new Set<string>();
  for (let tries = 0; statements.length < length && tries < 6 * length; tries++) {
    const known = { entries: scope.entries.length, inputs: scope.inputs.length };
    const expression = scope.pick(scope.pick(operations))(scope);
    const results = expression && evaluate(expression, scope, tensors);
    if (results === undefined) {
      for (const { name } of scope.inputs.splice(known.inputs)) {
        tensors.get(name)?.dispose();
        tensors.delete(name);
      }
      scope.entries.splice(known.entries);
      continue;
    }
    const used = scope.entries.filter(({ name }) => mentions(expression!.text, name));
    const exact = expression!.exact === true && used.every((entry) => entry.exact);
    const names = results.map((tensor, i) => {
      const name = `t${statements.length}${results.length > 1 ? `_${i}` : ''}`;
      const values = tensor.dataSync();
      const { shape, dtype } = tensor as Entry & tf.Tensor;
      const entry = { name, shape, dtype, exact: exact && onGrid(values) };
      scope.entries.push(entry);
      expected.set(name, { ...entry, values });
      tensors.set(name, tensor);
      const lost = expression!.noGradient || used.some((e) => withoutGradient.has(e.name));
      if (lost) withoutGradient.add(name);
      return name;
    });
    const left = expression!.count === undefined ? names[0] : `[${names.join(', ')}]`;
    statements.push({ names, text: `const ${left} = ${expression!.text};` });
  }
  tf.dispose([...tensors.values()]);
  const program = { seed, inputs: scope.inputs, statements, expected };
  const gradient = findGradient(program, withoutGradient);
  return gradient === undefined ? program : { ...program, gradient };
}

/** The results of an expression, unless cpu refuses it or they are of no use to a comparison. */
function evaluate(
  { text }: Expression,
  scope: Scope,
  tensors: Map<string, tf.Tensor>,
): tf.Tensor[] | undefined {
  for (const input of scope.inputs) {
    if (!tensors.has(input.name)) tensors.set(input.name, makeInput(input));
  }
  try {
    return tf.tidy(() => {
      const result = compile([...tensors.keys()], `return ${text};`)(...tensors.values());
      const all = Array.isArray(result) ? result : [result];
      for (const tensor of all) {
        // Stock convolutions make such shapes for filters that do not fit.
        if (tensor.shape.some((n) => n < 0)) throw new Error('negative size');
        if (tensor.dtype === 'complex64' || tensor.size > LARGEST_SIZE)
          throw new Error('too large');
        for (const value of tensor.dataSync()) {
          if (!(Math.abs(value) <= LARGEST_VALUE)) throw new Error('too large');
        }
      }
      return all;
    });
  } catch {
    return undefined;
  }
}

export function makeInput({ seed, shape, dtype, low, high }: Input): tf.Tensor {
  return tf.tensor(new Cases(seed).grid(shape, dtype, low, high).values, shape, dtype);
}

/** A function of tensors from its text. */
export function compile(
  names: readonly string[],
  body: string,
): (...tensors: tf.Tensor[]) => tf.Tensor | tf.Tensor[] {
  // oxlint-disable-next-line typescript/no-implied-eval -- programs are text, so that they can be shown
  const make = new Function('tf', `return (${names.join(', ')}) => { ${body} };`);
  return (make as (library: typeof tf) => ReturnType<typeof compile>)(tf);
}

export function mentions(text: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(text);
}

/** Sums and products of such values are exact. */
function onGrid(values: ArrayLike<number>): boolean {
  return Array.from(values).every((v) => Number.isInteger(v * 256));
}

/** The statements that a name needs, and the inputs. */
export function sliceOf(
  { statements, inputs }: Pick<Program, 'statements' | 'inputs'>,
  name: string,
) {
  const needed = new Set([name]);
  const kept: Statement[] = [];
  for (const statement of statements.toReversed()) {
    if (!statement.names.some((n) => needed.has(n))) continue;
    kept.unshift(statement);
    for (const word of statement.text.match(/\b[xt]\d+(_\d+)?\b/g) ?? []) needed.add(word);
  }
  return { statements: kept, inputs: inputs.filter((input) => needed.has(input.name)) };
}

/** The text of a function whose gradient is taken: Σ of the squares of one tensor. */
export function lossBody(statements: readonly Statement[], name: string): string {
  return [...statements.map(({ text }) => text), `return tf.sum(tf.square(${name}));`].join(' ');
}

function findGradient(
  program: Pick<Program, 'statements' | 'inputs' | 'expected'>,
  excluded: ReadonlySet<string>,
): Gradient | undefined {
  const candidates = [...program.expected].filter(
    ([name, { dtype, values }]) => dtype === 'float32' && values.length > 0 && !excluded.has(name),
  );
  for (const [name] of candidates.toReversed().slice(0, 4)) {
    const { statements, inputs } = sliceOf(program, name);
    const wanted = inputs.filter(({ dtype }) => dtype === 'float32');
    if (wanted.length === 0) continue;
    try {
      const expected = gradientOf(inputs, wanted, lossBody(statements, name));
      const finite = expected.every(({ values }) =>
        Array.from(values).every((v) => Math.abs(v) < 1e6),
      );
      if (finite) return { of: name, inputs: wanted.map((input) => input.name), expected };
    } catch {
      // Not every operation has a gradient.
    }
  }
  return undefined;
}

/** Gradients of a loss with respect to some of its inputs, on the current backend. */
export function gradientOf(
  inputs: readonly Input[],
  wanted: readonly Input[],
  body: string,
): Values[] {
  const results: Values[] = [];
  tf.tidy(() => {
    const tensors = new Map(inputs.map((input) => [input.name, makeInput(input)]));
    const loss = compile([...tensors.keys()], body);
    const names = wanted.map((input) => input.name);
    const gradients = tf.grads((...values) => {
      const all = new Map(tensors);
      for (const [i, value] of values.entries()) all.set(names[i]!, value);
      return loss(...all.values()) as tf.Tensor;
    })(names.map((name) => tensors.get(name)!));
    for (const gradient of gradients) results.push(valuesOf(gradient));
  });
  return results;
}

export function valuesOf(tensor: tf.Tensor, exact = false): Values {
  const { shape, dtype } = tensor;
  return { shape, dtype, values: tensor.dataSync(), exact };
}
