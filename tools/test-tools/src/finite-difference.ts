/**
 * The gradient of `f` at `x` by central differences in float64.
 *
 * ∂f/∂xᵢ ≈ (f(x + h·eᵢ) − f(x − h·eᵢ)) / 2h
 *
 * @param h the step; its default is about ∛ε of float64, which balances truncation O(h²) against
 *   rounding O(ε/h). When `f` computes in float32, 1e-2 is nearer the balance.
 */
export function finiteDifference(
  f: (x: Float64Array) => number,
  x: ArrayLike<number>,
  h = 1e-5,
): Float64Array {
  const point = Float64Array.from(x);
  return Float64Array.from(x, (value, i) => {
    const above = value + h;
    const below = value - h;
    point[i] = above;
    const fAbove = f(point);
    point[i] = below;
    const fBelow = f(point);
    point[i] = value;
    // Not 2h: `value ± h` is rounded.
    return (fAbove - fBelow) / (above - below);
  });
}
