import { expect, it } from 'vitest';
import { finiteDifference } from './finite-difference';

it('finds the gradient of a hand-differentiated function', () => {
  // f = x₀² x₁ + sin x₁, so ∇f = [2 x₀ x₁, x₀² + cos x₁].
  const f = (x: Float64Array) => x[0]! ** 2 * x[1]! + Math.sin(x[1]!);
  const gradient = finiteDifference(f, [3, 0.5]);
  expect(gradient[0]).toBeCloseTo(3, 8);
  expect(gradient[1]).toBeCloseTo(9 + Math.cos(0.5), 8);
});

it('leaves the point as it was', () => {
  const x = Float64Array.of(1, 2);
  finiteDifference((v) => v[0]! + v[1]!, x, 0.1);
  expect(x).toEqual(Float64Array.of(1, 2));
});

it('takes the step it is given', () => {
  // |x| at 0.5 with a step of 1: (1.5 − 0.5) / 2.
  expect(finiteDifference((x) => Math.abs(x[0]!), [0.5], 1)[0]).toBe(0.5);
});
