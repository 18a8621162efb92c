import { type Dataset, type RandomStream, requireCounts, usageError } from '@ganloom/core';
import type { Size } from '@ganloom/images/node';
import { cropPicture, toUnit } from '@ganloom/images';
import * as tf from '@tensorflow/tfjs';
import type { PictureBatch } from './array-dataset';
import { openPictureFiles, type PictureFilesOptions, type SkippedFile } from './picture-files';
import { requireIndices } from './require-indices';

/** Settings of {@link imageFolder}. */
export interface ImageFolderOptions extends PictureFilesOptions {
  /** Sides of the pictures that the set gives: a number for squares. */
  readonly size: number | Size;
  /**
   * `'center'` cuts the middle; `'random'` cuts anywhere, flips half of the pictures left to right,
   * and cuts the middle when a batch is asked for without chances. Default `'center'`.
   */
  readonly crop?: 'center' | 'random';
  /**
   * Shrink each picture until it just covers `size`, so that as much as possible of it is seen;
   * `false` cuts at the full resolution. Default true.
   */
  readonly shrink?: boolean;
  /** Default: the folder. */
  readonly name?: string;
}

/** A data set of picture files. */
export interface ImageFolder extends Dataset {
  /** Relative to the folder, in the order of the indices. */
  readonly files: readonly string[];
  /** Grows when a file turns out to be broken on being decoded. */
  readonly skipped: readonly SkippedFile[];
  /** A class index for each file, if the folder has sub-folders only. */
  readonly labels?: Int32Array;
  batch(indices: ArrayLike<number>, random?: RandomStream): Promise<PictureBatch>;
}

/**
 * The PNG, JPEG and WebP pictures of a folder and those below, sorted by path, of one size.
 *
 * Each picture is turned as its EXIF data say, laid on white where transparent, shrunk (Lanczos,
 * antialiased) until its shorter side, relative to `size`, fits, and cut. No picture is ever
 * enlarged: a smaller one is skipped, and so is one that cannot be decoded; `skipped` names them.
 *
 * If all pictures lie in sub-folders, those are the classes, sorted by name.
 *
 * Pictures are decoded when a batch needs them, off the main thread. At most `cacheBytes` of decoded
 * ones are kept, the least recently used go first; a training set that fits is decoded once.
 *
 * Batches: `images` float32 `[batch, height, width, channels]` in [−1, 1] and, with classes,
 * `labels` int32 `[batch]`.
 *
 * @throws UsageError if a setting does not fit, and, by `batch`, for an index outside the set;
 *   GanloomError if the folder cannot be read or no file in it is of use.
 */
export async function imageFolder(path: string, options: ImageFolderOptions): Promise<ImageFolder> {
  // Plain JavaScript may leave it out.
  const { size } = (options as ImageFolderOptions | undefined) ?? {};
  if (size === undefined) {
    const expected = 'size must be a number, or { height, width }';
    throw usageError(`imageFolder ${path}`, expected, size, 'say imageFolder(path, { size: 64 })');
  }
  const { crop = 'center', shrink = true, channels = 3, name = path } = options;
  const { height, width } = typeof size === 'number' ? { height: size, width: size } : size;
  const where = `imageFolder ${name}`;
  requireCounts(where, { height, width });
  const fit = (size: Size): Size | string => {
    if (size.height < height || size.width < width) {
      return `is ${size.height}×${size.width} pixels, smaller than ${height}×${width}`;
    }
    if (!shrink) return size;
    const zoom = Math.max(height / size.height, width / size.width);
    return {
      height: Math.max(height, Math.round(size.height * zoom)),
      width: Math.max(width, Math.round(size.width * zoom)),
    };
  };
  const pictures = await openPictureFiles(path, { where, fit }, options);
  const { files } = pictures;
  const classes = classesOf(files);
  const stride = height * width * channels;

  const example = async (index: number, random: RandomStream | undefined) => {
    // Drawn whether or not it is used, so that a skipped file shifts nobody else's chances.
    const [down = 0.5, right = 0.5, flip = 0] = random ? uniform(random, 3) : [];
    const found = await pictures.read(index);
    const { picture } = found;
    const top = Math.floor(down * (picture.height - height + 1));
    const left = Math.floor(right * (picture.width - width + 1));
    const cut = cropPicture(picture, top, left, height, width);
    return { cut, mirrored: flip >= 0.5, index: found.index };
  };

  return {
    name,
    size: files.length,
    shapes: { images: [height, width, channels], ...(classes && { labels: [] }) },
    files,
    skipped: pictures.skipped,
    ...(classes && { labels: classes.labels, classNames: classes.names }),
    async batch(indices, random) {
      requireIndices(where, indices, files.length);
      const chosen = Array.from(indices);
      const chances = crop === 'random' ? random : undefined;
      const examples = await Promise.all(chosen.map((index) => example(index, chances)));
      const values = new Float32Array(chosen.length * stride);
      examples.forEach(({ cut, mirrored }, i) =>
        toUnit(cut, values.subarray(i * stride, (i + 1) * stride), { mirrored }),
      );
      const images = tf.tensor4d(values, [chosen.length, height, width, channels]);
      if (!classes) return { images };
      const labels = examples.map(({ index }) => classes.labels[index]!);
      return { images, labels: tf.tensor1d(labels, 'int32') };
    },
  };
}

function uniform(random: RandomStream, count: number): number[] {
  return Array.from(random.words(count), (word) => word / 2 ** 32);
}

/** The first folders of the paths, if all have one. */
function classesOf(files: readonly string[]) {
  if (!files.every((file) => file.includes('/'))) return undefined;
  const folders = files.map((file) => file.slice(0, file.indexOf('/')));
  const names = [...new Set(folders)].sort();
  const numbers = new Map(names.map((name, i) => [name, i]));
  return { names, labels: Int32Array.from(folders, (folder) => numbers.get(folder)!) };
}
