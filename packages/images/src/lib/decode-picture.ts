import { GanloomError } from '@ganloom/core';
import type { Sharp, SharpConstructor } from 'sharp';
import type { Picture } from './picture';

/** Height and width, in pixels. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** Shows where a picture is transparent. */
const PAPER = '#ffffff';
/** Dots per inch at which sharp draws an SVG's own size. */
const SVG_DENSITY = 72;

/** How a file becomes bytes. */
export interface DecodeOptions {
  readonly channels: 1 | 3;
  /** Default: the picture's own. SVG is drawn to cover it. */
  readonly size?: Size;
  /** Shorter side that SVG is drawn with; default: its own. */
  readonly vectorSide?: number;
}

/**
 * Height and width as shown, from a file's header.
 *
 * @throws GanloomError if there is no picture in the file.
 */
export async function pictureSize(file: string): Promise<Size> {
  const { autoOrient } = await (await open(file)).metadata().catch(refused(file));
  return { height: autoOrient.height, width: autoOrient.width };
}

/**
 * Reads a picture of any format that sharp knows, off the main thread: turned as its EXIF data say,
 * on white where it is transparent, in 8-bit sRGB or grey.
 *
 * @throws GanloomError if there is no whole picture in the file.
 */
export async function decodePicture(
  file: string,
  { channels, size, vectorSide }: DecodeOptions,
): Promise<Picture> {
  let image = await open(file);
  let fit: 'fill' | 'outside' = 'fill';
  if (vectorSide) {
    const { format, height, width } = await image.metadata().catch(refused(file));
    if (format === 'svg') {
      image = await open(file, (SVG_DENSITY * vectorSide) / Math.min(height, width));
      fit = 'outside';
    }
  }
  image = image.autoOrient().flatten({ background: PAPER });
  // sharp shrinks by Lanczos with three lobes, antialiased.
  if (size) image = image.resize({ ...size, fit });
  image = image.toColourspace(channels === 1 ? 'b-w' : 'srgb');
  const { data, info } = await image
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(refused(file));
  const { height, width } = info;
  // A view without Buffer's own methods, so that pictures compare and copy as plain bytes.
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { data: bytes, height, width, channels: info.channels };
}

/** Says which file it was; sharp's own words are the cause's. */
function refused(file: string): (error: Error) => never {
  return (error) => {
    throw new GanloomError(`${file} cannot be decoded: ${error.message.split('\n')[0]}`, {
      cause: error,
    });
  };
}

/**
 * Says at once, and once, when pictures cannot be decoded, before each of them does.
 *
 * @throws GanloomError if the decoder cannot be loaded.
 */
export async function requireDecoder(): Promise<void> {
  await loadSharp();
}

/** The decoder, loaded late, so that who reads no pictures needs no native library. */
async function loadSharp(): Promise<SharpConstructor> {
  try {
    const { default: sharp } = await import('sharp');
    return sharp;
  } catch (error) {
    throw new GanloomError(
      'pictures are decoded by "sharp", which cannot be loaded: ' +
        `${(error as Error).message.split('\n')[0]}; install it: npm install sharp`,
      { cause: error },
    );
  }
}

async function open(file: string, density?: number): Promise<Sharp> {
  const sharp = await loadSharp();
  // A picture that is cut off must not pass for one with a grey lower half.
  return sharp(file, { failOn: 'warning', ...(density && { density }) });
}
