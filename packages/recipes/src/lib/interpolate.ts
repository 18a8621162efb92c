/**
 * `count` vectors from `a` to `b` along the great circle between them, by equal angles.
 *
 * slerp(t) = (sin((1 − t)ω)·a + sin(tω)·b) / sin ω,  ω the angle between a and b
 *
 * Unlike those on the straight line, they are as long as vectors that the generator was trained on.
 *
 * Shoemake 1985; White 2016, "Sampling generative networks", arXiv 1609.04468.
 */
export function interpolate(a: Float32Array, b: Float32Array, count: number): Float32Array[] {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, v, i) => sum + v * y[i]!, 0);
  const cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const mix = (s: number, t: number) => a.map((v, i) => s * v + t * b[i]!);
  return Array.from({ length: count }, (_, i) => {
    const t = count === 1 ? 0 : i / (count - 1);
    // Vectors of one direction, or opposite ones, have no great circle of their own.
    if (Math.sin(angle) < 1e-6) return mix(1 - t, t);
    return mix(Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle));
  });
}
