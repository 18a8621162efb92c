import type { Dataset } from './contracts';
import { ganloomError } from './errors';

/** Height, width and channels of one picture. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * The size of a data set's pictures, `images` of its batches.
 *
 * @throws GanloomError if it has none.
 */
export function imageShapeOf({ name, shapes }: Pick<Dataset, 'name' | 'shapes'>): ImageShape {
  const shape = shapes['images'];
  if (shape?.length !== 3) {
    const expected = 'batches must have images of [height, width, channels]';
    throw ganloomError(`the data set ${name}`, expected, shapes, 'choose one of pictures');
  }
  const [height, width, channels] = shape as [number, number, number];
  return { height, width, channels };
}
