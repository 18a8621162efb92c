import { expectNoLeak } from '@ganloom/test-tools/expect-no-leak';
import * as tf from '@tensorflow/tfjs';
import type { Op } from './conformance-case';
import type { Plain } from './seeded-cases';

/** One result of an operation. */
export interface Output {
  readonly shape: number[];
  readonly dtype: tf.DataType;
  readonly values: tf.TypedArray;
}

/** What came of an operation, or why nothing did. */
export type Outcome = readonly Output[] | { readonly message: string };

/** On the backend that is set, where every other tensor that the operation makes must be gone. */
export async function outcomeOf(op: Op, inputs: readonly Plain[]): Promise<Outcome> {
  let outputs: Output[] = [];
  try {
    await expectNoLeak(async () => {
      const results = tf.tidy(() =>
        op(
          ...inputs.map(({ values, shape, dtype }) => tf.tensor(values, shape, dtype ?? 'float32')),
        ),
      );
      const all = Array.isArray(results) ? results : [results];
      const values = await Promise.all(all.map((result) => result.data()));
      outputs = all.map(({ shape, dtype }, i) => ({ shape, dtype, values: values[i]! }));
      return results;
    });
    return outputs;
  } catch (error) {
    return { message: String(error) };
  }
}
