/** What a backend would be here, without starting it. */
export interface BackendDescription {
  /** Whether `useBackend` would start it. */
  readonly isAvailable: boolean;
  /** If it is not: why, … */
  readonly missing?: string;
  /** … and the command or the step that changes that. */
  readonly remedy?: string;
  /** What it would run on, in words: for a GPU the name that it says. */
  readonly device?: string;
  readonly threads?: number;
  /** Numbers that an instruction computes with, in bits, and whether it may fuse a product and a sum. */
  readonly simd?: { readonly bits: number; readonly relaxed: boolean };
  /** Whether GANs train on it here. */
  readonly trains: boolean;
  /** Why they do not, or what else to mind. */
  readonly note?: string;
}

export const notAvailable = (why: {
  readonly missing: string;
  readonly remedy: string;
}): BackendDescription => ({ isAvailable: false, ...why, trains: false });

/** Names of GPUs that are programs. */
export const isSoftware = (device: string): boolean =>
  /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i.test(device);

export const SOFTWARE_NOTE = 'a program on the CPU plays the GPU: wasm is many times faster';
