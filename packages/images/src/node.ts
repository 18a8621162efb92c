export {
  type DecodeOptions,
  decodePicture,
  pictureSize,
  requireDecoder,
  type Size,
} from './lib/decode-picture';
