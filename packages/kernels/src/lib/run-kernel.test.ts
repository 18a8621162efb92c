import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { kernelConfig } from './kernel-config';
import { hasKernel, runKernel } from './run-kernel';

beforeAll(async () => void (await tf.setBackend('cpu')));

afterEach(() => {
  if (tf.getKernel('Dense', 'cpu')) tf.unregisterKernel('Dense', 'cpu');
});

/** x · kernel of one row and one unit, on any backend. */
const dense = (backendName: string) =>
  kernelConfig('Dense', backendName, ({ inputs, backend }) => {
    const [x, kernel] = [inputs.x, inputs.kernel].map(
      ({ dataId }) => backend.readSync(dataId) as Float32Array,
    );
    const y = Float32Array.of(x!.reduce((sum, value, i) => sum + value * kernel![i]!, 0));
    return { dataId: backend.write(y, [1, 1], 'float32'), shape: [1, 1], dtype: 'float32' };
  });

it('finds the kernels of the current backend', () => {
  expect(hasKernel('Dense')).toBe(false);
  tf.registerKernel(dense('another'));
  expect(hasKernel('Dense')).toBe(false);
  tf.registerKernel(dense('cpu'));
  expect(hasKernel('Dense')).toBe(true);
  tf.unregisterKernel('Dense', 'another');
});

it('runs one, and leaves what it returns alone', () => {
  tf.registerKernel(dense('cpu'));
  const [x, kernel] = [tf.tensor2d([[2, 3]]), tf.tensor2d([[5], [7]])];
  expectNoLeak(() => {
    const y = runKernel('Dense', { x, kernel }, {});
    expect(y).toBeAllclose([31]);
    return y;
  });
  tf.dispose([x, kernel]);
});

it('throws where there is none', () => {
  const [x, kernel] = [tf.zeros([1, 1]) as tf.Tensor2D, tf.zeros([1, 1]) as tf.Tensor2D];
  expect(() => runKernel('Dense', { x, kernel }, {})).toThrow("'Dense' not registered");
  tf.dispose([x, kernel]);
});
