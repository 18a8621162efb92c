import type * as tf from '@tensorflow/tfjs';

// What is used of WebGPU and of the stock backend. Their own types come from packages that a user of
// this one may not have.

export interface Gpu {
  requestAdapter(options?: { readonly powerPreference?: string }): Promise<Adapter | null>;
}

export interface Adapter {
  readonly info?: Readonly<Record<string, unknown>>;
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(descriptor: {
    readonly requiredFeatures: readonly string[];
    readonly requiredLimits: Readonly<Record<string, number>>;
  }): Promise<Device>;
}

export interface Device {
  readonly limits: Readonly<Record<string, number>>;
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  /** Old versions of the npm package `webgpu` do not have it. */
  addEventListener?(name: 'uncapturederror', listener: (event: ErrorEvent) => void): void;
}

interface ErrorEvent {
  readonly error: { readonly message: string };
  preventDefault(): void;
}

/** The backend of `@tensorflow/tfjs-backend-webgpu`. */
export interface WebgpuBackend extends tf.KernelBackend {
  readonly device: Device;
  /** The values of a tensor, as long as they are not on the device. */
  readonly tensorMap: {
    get(dataId: object): { readonly values?: ArrayLike<number> | null };
  };
  /** Whether small tensors that are not on the device are computed with where they are. */
  shouldExecuteOnCPU(inputs: readonly tf.TensorInfo[]): boolean;
  makeTensorInfo(
    shape: readonly number[],
    dtype: tf.DataType,
    values?: tf.TypedArray,
  ): tf.TensorInfo;
  runWebGPUProgram(...args: unknown[]): tf.TensorInfo;
  read(dataId: object): Promise<tf.backend_util.BackendValues>;
  readSync(dataId: object): tf.backend_util.BackendValues;
}

/** What `@tensorflow/tfjs-backend-webgpu` exports. */
export interface WebgpuModule {
  readonly WebGPUBackend: new (device: Device, info: unknown) => WebgpuBackend;
}
