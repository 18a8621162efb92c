import * as tf from '@tensorflow/tfjs';
import { OutOfMemoryError, WasmBackendError } from './errors';
import type { Runtime } from './runtime';
import { TensorStorage } from './tensor-storage';
import type { WasmExports } from './wasm-exports';

/** Where a tensor's values live. Strings stay outside the WebAssembly memory; complex64 has two parts. */
interface TensorData {
  readonly dtype: tf.DataType;
  readonly address: number;
  readonly size: number;
  /** Typed-array view of the memory, or encoded strings: what the stock CPU kernels read. */
  readonly values: tf.backend_util.BackendValues | undefined;
  complexTensorInfos?: { real: tf.TensorInfo; imag: tf.TensorInfo };
  refCount: number;
}

/** Numeric tensor data; the view is made on first use, as fast kernels need the address alone. */
class MemoryData implements TensorData {
  #view: tf.TypedArray | undefined;
  refCount: number;

  constructor(
    readonly dtype: tf.DataType,
    readonly address: number,
    readonly size: number,
    readonly memory: WebAssembly.Memory,
    refCount: number,
  ) {
    this.refCount = refCount;
  }

  // Shared memory never moves: views of before a growth stay valid.
  get values(): tf.TypedArray {
    this.#view ??= viewOf(this.dtype, this.memory.buffer, this.address, this.size);
    return this.#view;
  }
}

function viewOf(
  dtype: tf.DataType,
  buffer: ArrayBuffer,
  address: number,
  size: number,
): tf.TypedArray {
  if (dtype === 'float32') return new Float32Array(buffer, address, size);
  if (dtype === 'int32') return new Int32Array(buffer, address, size);
  return new Uint8Array(buffer, address, size);
}

/**
 * A TensorFlow.js backend whose tensors lie in one shared WebAssembly memory.
 *
 * Its surface is that of the stock CPU backend, so that every CPU kernel runs on these tensors
 * without a copy; the kernels of ./kernels replace the ones that matter.
 */
export class WasmBackend extends tf.KernelBackend {
  readonly data: TensorStorage<TensorData>;
  readonly runtime: Runtime;
  readonly wasm: WasmExports;
  /** The CPU kernels read this when they block loops. */
  readonly blockSize = 48;

  constructor(runtime: Runtime) {
    super();
    this.runtime = runtime;
    this.wasm = runtime.wasm;
    this.data = new TensorStorage(this, (shape, dtype) => {
      if (dtype === 'string' || dtype === 'complex64') return;
      const { address } = this.#allocate(tf.util.sizeFromShape([...shape]), dtype, 1, shape);
      if (address !== 0) runtime.allocator.free(address);
    });
  }

  // --- what fast kernels use ---------------------------------------------------------------------

  /** Address of a tensor's first element. */
  address(tensor: tf.TensorInfo): number {
    return this.data.get(tensor.dataId).address;
  }

  /** A view of a tensor's values, for what is small enough to be read in JavaScript. */
  values(tensor: tf.TensorInfo): tf.TypedArray {
    return this.data.get(tensor.dataId).values as tf.TypedArray;
  }

  /** A new tensor whose values the caller must write. */
  output(shape: readonly number[], dtype: tf.DataType = 'float32'): tf.TensorInfo {
    const dataId = this.#create(tf.util.sizeFromShape([...shape]), dtype, 1, shape);
    return { dataId, shape: [...shape], dtype };
  }

  /** Runs `use` with the address of `bytes` bytes of scratch memory. */
  withWorkspace<T>(bytes: number, use: (address: number) => T): T {
    const address = this.#reserve(bytes, () => `${bytes} bytes of work space`);
    try {
      return use(address);
    } finally {
      this.runtime.allocator.free(address);
    }
  }

  // --- what the engine and the CPU kernels use ---------------------------------------------------

  override write(
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: tf.DataType,
  ): object {
    const dataId = {};
    this.#store(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: object,
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    refCount: number,
  ): void {
    this.data.move(() => {
      if (dtype === 'complex64') this.#storeComplex(dataId, values, shape, refCount);
      else this.#store(dataId, values, shape, dtype, refCount);
    });
  }

  makeTensorInfo(
    shape: number[],
    dtype: tf.DataType,
    values?: tf.backend_util.BackendValues | string[],
  ): tf.TensorInfo {
    if (values === undefined || values === null) {
      if (dtype === 'complex64' || dtype === 'string') {
        const dataId = {};
        this.data.set(dataId, { dtype, address: 0, size: 0, values: undefined, refCount: 1 });
        return { dataId, shape, dtype };
      }
      return this.output(shape, dtype);
    }
    const isText = dtype === 'string' && values.length > 0 && tf.util.isString(values[0] as object);
    const stored = isText ? (values as string[]).map((s) => tf.util.encodeString(s)) : values;
    return {
      dataId: this.write(stored as tf.backend_util.BackendValues, shape, dtype),
      shape,
      dtype,
    };
  }

  override refCount(dataId: object): number {
    return this.data.has(dataId) ? this.data.get(dataId).refCount : 0;
  }

  override incRef(dataId: object): void {
    this.data.get(dataId).refCount++;
  }

  decRef(dataId: object): void {
    if (this.data.has(dataId)) this.data.get(dataId).refCount--;
  }

  override numDataIds(): number {
    return this.data.numDataIds();
  }

  override async read(dataId: object): Promise<tf.backend_util.BackendValues> {
    return this.readSync(dataId);
  }

  override readSync(dataId: object): tf.backend_util.BackendValues {
    const { dtype, values, complexTensorInfos } = this.data.get(dataId);
    if (complexTensorInfos !== undefined) {
      const real = this.readSync(complexTensorInfos.real.dataId) as Float32Array;
      const imag = this.readSync(complexTensorInfos.imag.dataId) as Float32Array;
      return tf.backend_util.mergeRealAndImagArrays(real, imag);
    }
    if (values === undefined)
      throw new WasmBackendError(`backend-wasm: a ${dtype} tensor has no values`);
    // A copy in memory of its own: the block may be reused once the tensor is disposed.
    return dtype === 'string' ? values : (values as tf.TypedArray).slice();
  }

  bufferSync(tensor: tf.TensorInfo): tf.TensorBuffer<tf.Rank> {
    const values = this.readSync(tensor.dataId);
    const decoded =
      tensor.dtype === 'string'
        ? (values as Uint8Array[]).map((v) => tf.util.decodeString(v))
        : values;
    return tf.buffer(tensor.shape as [number], tensor.dtype as 'float32', decoded as Float32Array);
  }

  makeOutput(
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: tf.DataType,
  ): tf.Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.makeTensorInfo(shape, dtype, values), this);
  }

  override disposeData(dataId: object, force = false): boolean {
    if (!this.data.has(dataId)) return true;
    const data = this.data.get(dataId);
    data.refCount--;
    if (!force && data.refCount > 0) return false;
    if (data.complexTensorInfos !== undefined) {
      this.disposeData(data.complexTensorInfos.real.dataId, true);
      this.disposeData(data.complexTensorInfos.imag.dataId, true);
    }
    if (data.address !== 0) this.runtime.allocator.free(data.address);
    this.data.delete(dataId);
    return true;
  }

  disposeIntermediateTensorInfo(tensor: tf.TensorInfo): void {
    this.disposeData(tensor.dataId);
  }

  override async time(run: () => void): Promise<tf.BackendTimingInfo> {
    const start = tf.util.now();
    run();
    return { kernelMs: tf.util.now() - start };
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  where(condition: tf.Tensor): tf.Tensor2D {
    return tf.kernel_impls.whereImpl(
      condition.shape,
      this.readSync(condition.dataId) as tf.TypedArray,
    );
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    this.runtime.stop();
  }

  #store(
    dataId: object,
    values: tf.backend_util.BackendValues,
    shape: readonly number[],
    dtype: tf.DataType,
    refCount: number,
  ): void {
    if (dtype === 'string' || dtype === 'complex64') {
      this.data.set(dataId, { dtype, address: 0, size: values.length, values, refCount });
      return;
    }
    const data = this.#allocate(values.length, dtype, refCount, shape);
    this.data.set(dataId, data);
    if (values.length > 0) data.values.set(values as tf.TypedArray);
  }

  /** Other backends hand complex numbers over as one array of pairs; kernels want two tensors. */
  #storeComplex(
    dataId: object,
    values: tf.backend_util.BackendValues,
    shape: number[],
    refCount: number,
  ): void {
    const parts = tf.backend_util.splitRealAndImagArrays(values as Float32Array);
    const complexTensorInfos = {
      real: this.makeTensorInfo(shape, 'float32', parts.real),
      imag: this.makeTensorInfo(shape, 'float32', parts.imag),
    };
    const data = { dtype: 'complex64', address: 0, size: 0, values: undefined } as const;
    this.data.set(dataId, { ...data, complexTensorInfos, refCount });
  }

  #create(size: number, dtype: tf.DataType, refCount: number, shape: readonly number[]): object {
    const dataId = {};
    this.data.set(dataId, this.#allocate(size, dtype, refCount, shape));
    return dataId;
  }

  #allocate(
    size: number,
    dtype: tf.DataType,
    refCount: number,
    shape: readonly number[],
  ): MemoryData {
    const { memory } = this.runtime;
    if (!Number.isSafeInteger(size)) {
      throw new WasmBackendError(
        `backend-wasm: a tensor's sizes must be integers, got [${shape.join(',')}]`,
      );
    }
    if (size === 0) return new MemoryData(dtype, 0, 0, memory, refCount);
    const bytes = size * (dtype === 'bool' ? 1 : 4);
    const address = this.#reserve(bytes, () => `a ${dtype} tensor of shape [${shape.join(',')}]`);
    return new MemoryData(dtype, address, size, memory, refCount);
  }

  #reserve(bytes: number, purpose: () => string): number {
    try {
      return this.runtime.allocator.allocate(bytes);
    } catch (error) {
      if (!(error instanceof OutOfMemoryError)) throw error;
      throw new OutOfMemoryError(`${error.message} (for ${purpose()})`, { cause: error });
    }
  }
}
