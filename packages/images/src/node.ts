export { type DecodeOptions, decodePicture, pictureSize, type Size } from './lib/decode-picture';
