import { allclose } from '@ganloom/test-tools/allclose';
import * as tf from '@tensorflow/tfjs';
import type { ConformanceCase } from './conformance-case';
import { type Outcome, outcomeOf } from './outcome';

/**
 * How an outcome differs from what the cpu backend gives for a case, if it does.
 *
 * @param precision the least relative tolerance, and ten times the least absolute one, of what need not
 *   be exact
 */
export async function faultOf(
  { inputs, op, reference = op, rtol = 2e-5, atol = 2e-5 }: ConformanceCase,
  actual: Outcome,
  precision = 0,
): Promise<string | undefined> {
  await tf.setBackend('cpu');
  const expected = await outcomeOf(reference, inputs);
  const exact = rtol === 0 && atol === 0;
  const tolerance = exact
    ? { rtol, atol }
    : { rtol: Math.max(rtol, precision), atol: Math.max(atol, precision / 10) };
  const what = difference(actual, expected, tolerance);
  const shapes = inputs.map(({ shape }) => `[${shape.join()}]`).join(' ');
  return what && `${what}, for inputs ${shapes}`;
}

function difference(
  actual: Outcome,
  expected: Outcome,
  tolerance: { rtol: number; atol: number },
): string | undefined {
  if ('message' in expected) return `cpu: ${expected.message}`;
  if ('message' in actual) return actual.message;
  const [got, wanted] = [actual, expected].map((outputs) =>
    outputs.map(({ dtype, shape }) => `${dtype} [${shape.join()}]`).join(', '),
  );
  if (got !== wanted) return `got ${got}, expected ${wanted}`;
  for (const [i, { values }] of expected.entries()) {
    const { pass, message } = allclose(actual[i]!.values, values, tolerance);
    if (!pass) return `output ${i}: ${message}`;
  }
  return undefined;
}
