/** What a file that `node --cpu-prof` writes says, as far as it is needed here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string };
    readonly children?: readonly number[];
  }[];
  /** The node that ran at each sample. */
  readonly samples: readonly number[];
  /** Microseconds from each sample's predecessor to it. */
  readonly timeDeltas: readonly number[];
}

/**
 * Sums the time of a profile by the innermost function of each stack that `parts` names, from the
 * first sample inside of one of the functions `within` to the last; the rest is under ''.
 *
 * @returns microseconds by part.
 */
export function timeByPart(
  { nodes, samples, timeDeltas }: CpuProfile,
  parts: Readonly<Record<string, string>>,
  within: readonly string[],
): ReadonlyMap<string, number> {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((c) => [c, id])));
  const names = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.functionName]));
  const partOf = new Map<number, string>();
  const isWithin = new Map<number, boolean>();
  for (const { id } of nodes) {
    const stack: string[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      stack.push(names.get(at)!);
    }
    const found = stack.find((name) => Object.hasOwn(parts, name));
    partOf.set(id, found === undefined ? '' : parts[found]!);
    isWithin.set(
      id,
      stack.some((name) => within.includes(name)),
    );
  }
  const first = samples.findIndex((id) => isWithin.get(id));
  const last = samples.findLastIndex((id) => isWithin.get(id));
  const times = new Map<string, number>();
  for (let i = first + 1; i <= last; i++) {
    const part = partOf.get(samples[i - 1]!)!;
    times.set(part, (times.get(part) ?? 0) + timeDeltas[i]!);
  }
  return times;
}
