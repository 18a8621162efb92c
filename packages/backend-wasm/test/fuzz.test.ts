import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { BACKEND_NAME } from '../src/lib/kernels/kernel';
import { restartWasm } from './restart-wasm';
import { runProgram } from './fuzz/compare';
import { fuzz } from './fuzz/fuzz';
import { writeProgram } from './fuzz/program';
import { showAsTest } from './fuzz/show';

afterAll(() => {
  if (tf.findBackendFactory(BACKEND_NAME) !== null) tf.removeBackend(BACKEND_NAME);
});

describe('random programs', () => {
  it('give what the cpu backend gives, on one thread and on two', async () => {
    const goOn = (programs: number) => programs < 200;
    const { failures, gradients, operations } = await fuzz({ seed: 1, goOn, batch: 50 });
    expect(failures).toEqual([]);
    expect(gradients).toBeGreaterThan(100);
    expect(operations).toBeGreaterThan(1000);
  });

  it('are the same for the same seed', () => {
    expect(writeProgram(5, 8)).toEqual(writeProgram(5, 8));
    expect(writeProgram(5, 8).statements).not.toEqual(writeProgram(6, 8).statements);
  });

  it('show what went wrong, as a test', async () => {
    await restartWasm({ threads: 1 });
    const program = writeProgram(7, 8);
    expect(runProgram(program).difference).toBeUndefined();
    const [name, { values, ...rest }] = [...program.expected].at(-1)!;
    const wrong = Float32Array.from(values, (v, i) => (i === values.length - 1 ? v + 1 : v));
    const expected = new Map(program.expected).set(name, { ...rest, values: wrong });
    const { difference } = runProgram({ ...program, expected });
    expect(difference).toMatchObject({ name, gradient: false });
    expect(showAsTest(program, difference!)).toMatch(
      /^\/\/ t\d.*: value \d+ is .*\n\{\n {2}name: 'random program 7',\n {2}cases: \(\) => \{\n {4}const op = \(x/,
    );
  });
});
