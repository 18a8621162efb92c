import { join } from 'node:path';
import { GanloomError } from '@ganloom/core';
import type { Picture } from '@ganloom/images';
import { decodePicture, pictureSize, requireDecoder, type Size } from '@ganloom/images/node';
import { byteCache } from './byte-cache';
import { scanFolder } from './scan-folder';

const ENDINGS = ['.png', '.jpg', '.jpeg', '.webp'];
/** Files whose headers are read at a time. */
const AT_ONCE = 32;

/** A file that a data set does without, and why. */
export interface SkippedFile {
  /** Relative to the folder. */
  readonly file: string;
  readonly reason: string;
}

/** What is common to all data sets of picture files. */
export interface PictureFilesOptions {
  /** 3 for RGB, 1 for grey. Default 3. */
  readonly channels?: 1 | 3;
  /** Most bytes of decoded pictures kept in memory; default 512 MiB. */
  readonly cacheBytes?: number;
  /** Takes in SVG files too, drawn with a shorter side of this many pixels. Default: passes over them. */
  readonly vectorSide?: number;
  /** Is told of each skipped file, as soon as it is found broken or too small. */
  readonly onSkip?: (skipped: SkippedFile) => void;
}

/** What the kind of data set asks of its files. */
export interface PictureFilesRule {
  /** Who asks, for error messages. */
  readonly where: string;
  /** The size to decode a picture at, or why it is of no use. */
  fit(size: Size): Size | string;
}

/** The usable picture files of a folder, decoded on demand. */
export interface PictureFiles {
  /** Relative to the folder, sorted. */
  readonly files: readonly string[];
  /** Grows when a file turns out to be broken on being decoded. */
  readonly skipped: readonly SkippedFile[];
  /** The picture at an index and the index itself, or the next ones that can be decoded. */
  read(index: number): Promise<{ readonly picture: Picture; readonly index: number }>;
}

/**
 * Finds the PNG, JPEG and WebP files of a folder and those below, and reads their headers.
 *
 * A file whose header is broken, or that `fit` refuses, is skipped now. One that breaks later, on
 * being decoded, is named then, and the next one of the sorted list takes its place from there on: a
 * training of hours does not end for one bad file, and the same files give the same pictures.
 *
 * @throws GanloomError if the folder cannot be read, or no file in it is of use.
 */
export async function openPictureFiles(
  folder: string,
  rule: PictureFilesRule,
  options: PictureFilesOptions = {},
): Promise<PictureFiles> {
  // Without the decoder no file is to blame.
  await requireDecoder();
  const { channels = 3, cacheBytes = 512 * 2 ** 20, vectorSide, onSkip } = options;
  const endings = vectorSide ? [...ENDINGS, '.svg'] : ENDINGS;
  const found = await scanFolder(folder, endings);
  const skipped: SkippedFile[] = [];
  const skip = (file: string, reason: string) => {
    skipped.push({ file, reason });
    onSkip?.({ file, reason });
  };
  const none = () => {
    const reasons = skipped.slice(0, 3).map(({ file, reason }) => `${file}: ${reason}`);
    const got = reasons.length > 0 ? `only ones to skip (${reasons.join('; ')})` : 'none';
    return new GanloomError(
      `${rule.where}: ${folder} must hold usable pictures (${endings.join(', ')}), got ${got}`,
    );
  };

  const sizeOf = async (file: string): Promise<Size> => {
    // A drawing has any size, and its header is half the work of drawing it.
    if (file.toLowerCase().endsWith('.svg')) return { height: vectorSide!, width: vectorSide! };
    return pictureSize(join(folder, file));
  };
  const usable: { readonly file: string; readonly size: Size }[] = [];
  for (let first = 0; first < found.length; first += AT_ONCE) {
    const some = found.slice(first, first + AT_ONCE);
    const sizes = await Promise.all(some.map((file) => sizeOf(file).then(rule.fit, brokenBy)));
    some.forEach((file, i) => {
      const size = sizes[i]!;
      if (typeof size === 'string') skip(file, size);
      else usable.push({ file, size });
    });
  }
  if (usable.length === 0) throw none();

  const cache = byteCache<number, Picture>(cacheBytes);
  const reading = new Map<number, Promise<Picture | undefined>>();
  const broken = new Set<number>();

  const decode = async (index: number): Promise<Picture | undefined> => {
    const { file, size } = usable[index]!;
    try {
      const how = { channels, size, ...(vectorSide && { vectorSide }) };
      const picture = await decodePicture(join(folder, file), how);
      cache.set(index, picture, picture.data.byteLength);
      return picture;
    } catch (error) {
      broken.add(index);
      skip(file, brokenBy(error));
      return undefined;
    } finally {
      reading.delete(index);
    }
  };
  const at = async (index: number): Promise<Picture | undefined> => {
    if (broken.has(index)) return undefined;
    const ready = cache.get(index);
    if (ready) return ready;
    // A batch may ask for one picture several times at once.
    const picture = reading.get(index) ?? decode(index);
    reading.set(index, picture);
    return picture;
  };

  return {
    files: usable.map(({ file }) => file),
    skipped,
    async read(index) {
      for (let i = 0; i < usable.length; i++) {
        const candidate = (index + i) % usable.length;
        const picture = await at(candidate);
        if (picture) return { picture, index: candidate };
      }
      throw none();
    },
  };
}

function brokenBy(error: unknown): string {
  // The file is named beside it.
  const { cause = error } = error as Error;
  return `cannot be decoded: ${(cause as Error).message.split('\n')[0]}`;
}
