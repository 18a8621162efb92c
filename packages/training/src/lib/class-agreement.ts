/** Pictures, and the class of each. */
export interface LabeledVectors {
  readonly vectors: readonly Float64Array[];
  readonly labels: ArrayLike<number>;
}

/**
 * Tells a generator that ignores the classes it is asked for: how far the mean sample of a class goes where the
 * mean real picture of that class goes, 1 if it goes as far, 0 on average if samples are the same whatever is
 * asked.
 *
 * Σ_c ⟨ȳ_c − ȳ, x̄_c − x̄⟩ / (Σ_c ‖x̄_c − x̄‖² − noise),  noise = (1 − 1/C) Σ_c s_c² / n_c
 *
 * over the C classes with two real pictures x and a sample y or more; x̄ and ȳ are the means of the classes'
 * means, and s_c² is the variance within n_c real pictures, which is taken off so that few of them do not count
 * as classes that differ.
 *
 * Undefined if there are fewer than two such classes, or if the means of the real ones differ no more than by
 * twice the noise: then there is nothing to be seen in means.
 */
export function classAgreement(fake: LabeledVectors, real: LabeledVectors): number | undefined {
  const [fakes, reals] = [byClass(fake), byClass(real)];
  const classes = [...reals.keys()].filter((c) => reals.get(c)!.length > 1 && fakes.has(c));
  if (classes.length < 2) return undefined;
  const centered = (groups: Map<number, Float64Array[]>) => {
    const means = classes.map((c) => meanOf(groups.get(c)!));
    const center = meanOf(means);
    return means.map((mean) => mean.map((value, i) => value - center[i]!));
  };
  const [ofFakes, ofReals] = [centered(fakes), centered(reals)];
  const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
  const spread = sum(ofReals.map((mean) => dot(mean, mean)));
  const noises = classes.map((c) => varianceOf(reals.get(c)!) / reals.get(c)!.length);
  const noise = (1 - 1 / classes.length) * sum(noises);
  if (spread <= 2 * noise || spread === 0) return undefined;
  return sum(ofFakes.map((mean, c) => dot(mean, ofReals[c]!))) / (spread - noise);
}

function byClass({ vectors, labels }: LabeledVectors): Map<number, Float64Array[]> {
  const groups = new Map<number, Float64Array[]>();
  for (const [i, vector] of vectors.entries()) {
    const label = labels[i]!;
    groups.set(label, [...(groups.get(label) ?? []), vector]);
  }
  return groups;
}

function meanOf(vectors: readonly Float64Array[]): Float64Array {
  return vectors[0]!.map((_, i) => vectors.reduce((sum, one) => sum + one[i]!, 0) / vectors.length);
}

/** The sum over all values of their variances within the group. */
function varianceOf(vectors: readonly Float64Array[]): number {
  const mean = meanOf(vectors);
  const squares = vectors.map((vector) => {
    const difference = vector.map((value, i) => value - mean[i]!);
    return dot(difference, difference);
  });
  return squares.reduce((sum, one) => sum + one, 0) / (vectors.length - 1);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
