export { appendWhole, type WholeAppender } from './lib/append-whole';
export { memoryStore } from './lib/memory-store';
export { loadModel, saveModel } from './lib/model-files';
export { decodeNpy, encodeNpy, type NpyArray, type NpyData } from './lib/npy';
export { decodeSafetensors, encodeSafetensors, type TensorValues } from './lib/safetensors';
export type { AppendOptions, Lease, LeaseOptions, Store } from './lib/store';
export { LeaseHeldError, reasonOf, StoreError, type StoreErrorOptions } from './lib/store-error';
export { partsOf } from './lib/store-name';
export { getText, putJson, putText } from './lib/store-text';
