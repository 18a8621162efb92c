/** What the calls of one kernel took. */
export interface KernelTime {
  readonly name: string;
  /** A kernel with a fast form runs in JavaScript for arguments that the form does not cover. */
  readonly runsIn: 'wasm' | 'javascript';
  readonly calls: number;
  readonly milliseconds: number;
}

let profile: Map<string, KernelTime> | undefined;

/**
 * Starts timing the kernels of this backend; the returned function ends it and gives the times,
 * longest first. One profile runs at a time: starting another drops the first.
 */
export function profileKernels(): () => KernelTime[] {
  const mine = new Map<string, KernelTime>();
  profile = mine;
  return () => {
    if (profile === mine) profile = undefined;
    return [...mine.values()].sort((a, b) => b.milliseconds - a.milliseconds);
  };
}

/** Runs a kernel under the profile, if there is one; `run` says where it ran. */
export function timed<T>(name: string, run: () => { result: T; runsIn: KernelTime['runsIn'] }): T {
  if (profile === undefined) return run().result;
  const start = performance.now();
  const { result, runsIn } = run();
  const milliseconds = performance.now() - start;
  const key = `${name} ${runsIn}`;
  const before = profile.get(key) ?? { calls: 0, milliseconds: 0 };
  profile.set(key, {
    name,
    runsIn,
    calls: before.calls + 1,
    milliseconds: before.milliseconds + milliseconds,
  });
  return result;
}
