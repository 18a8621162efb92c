export {
  type DecodeOptions,
  decodePicture,
  loadSharp,
  pictureSize,
  type Size,
} from './lib/decode-picture';
