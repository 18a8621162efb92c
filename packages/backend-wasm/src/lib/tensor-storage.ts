import * as tf from '@tensorflow/tfjs';
import { WasmBackendError } from './errors';

/**
 * The tensors of a backend, with two things that the stock storage lacks: a clear error for a tensor
 * that is gone, and a record of what a kernel makes, which is freed if the kernel fails half-way.
 */
export class TensorStorage<Data extends object> extends tf.DataStorage<Data> {
  readonly #reserve: (shape: readonly number[], dtype: tf.DataType) => void;
  readonly #made: object[] = [];
  #depth = 0;
  #moving = false;

  /** @param reserve Throws if there is no memory for such a tensor. */
  constructor(
    backend: tf.KernelBackend,
    reserve: (shape: readonly number[], dtype: tf.DataType) => void,
  ) {
    super(backend, tf.engine());
    this.#reserve = reserve;
  }

  override get(dataId: object): Data {
    if (!this.has(dataId)) this.#expect(dataId);
    return super.get(dataId);
  }

  override set(dataId: object, data: Data): void {
    super.set(dataId, data);
    // What comes from another backend is there no longer, and must outlive a failing kernel.
    if (this.#depth > 0 && !this.#moving) this.#made.push(dataId);
  }

  /** Runs `store`, which brings a tensor of another backend. */
  move(store: () => void): void {
    this.#moving = true;
    try {
      store();
    } finally {
      this.#moving = false;
    }
  }

  /** Runs a kernel; if it throws, `fail` gets what it had made. */
  record<T>(kernel: () => T, fail: (made: object[], error: unknown) => never): T {
    const before = this.#made.length;
    this.#depth++;
    try {
      return kernel();
    } catch (error) {
      return fail(this.#made.splice(before), error);
    } finally {
      if (--this.#depth === 0) this.#made.length = 0;
    }
  }

  /** The engine would dispose of the tensor in its old backend before it learns that it does not fit. */
  #expect(dataId: object): void {
    const info = tf.engine().state.tensorInfo.get(dataId);
    if (info === undefined) {
      throw new WasmBackendError(
        'backend-wasm: a tensor was used after it had been disposed; dispose it later, or tf.keep it ' +
          'where a tf.tidy ends before its last use',
      );
    }
    this.#reserve(info.shape, info.dtype);
  }
}
