/** The mean of f over the logits. */
export function mean(logits: ArrayLike<number>, f: (logit: number) => number): number {
  return Array.from(logits, f).reduce((sum, v) => sum + v, 0) / logits.length;
}

/** log(1 + eᵗ) without overflow. */
export function softplus(t: number): number {
  return Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));
}
