export { decodeNpy, encodeNpy, type NpyArray, type NpyData } from './lib/npy';
export { decodeSafetensors, encodeSafetensors, type TensorValues } from './lib/safetensors';
