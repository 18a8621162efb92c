/** At most `count` of the values, evenly spaced, the first and the last among them. */
export function spreadOut<T>(values: readonly T[], count: number): T[] {
  if (values.length <= count) return [...values];
  if (count < 2) return values.slice(values.length - count);
  return Array.from(
    { length: count },
    (_, i) => values[Math.round((i * (values.length - 1)) / (count - 1))]!,
  );
}
