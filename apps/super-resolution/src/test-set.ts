import { basename, extname, join } from 'node:path';
import { cropPicture, imresize, type Picture } from '@ganloom/images';
import { UsageError } from '@ganloom/core';
import { decodePicture } from '@ganloom/images/node';
import { scanFolder } from '@ganloom/datasets/node';

/** A picture at both resolutions. */
export interface TestPicture {
  readonly name: string;
  readonly low: Picture;
  readonly high: Picture;
}

export interface TestSet {
  readonly pictures: AsyncGenerator<TestPicture, void, undefined>;
  readonly count: number;
}

/** `img_001_SRF_4_HR.png`, as Huang et al. 2015 publish Set5, Set14, BSD100 and Urban100. */
const PAIRED = /^(.*)_SRF_(\d+)_(HR|LR)\.[a-z]+$/i;
const ENDINGS = ['.png', '.jpg', '.jpeg', '.webp', '.tif', '.tiff'];

/**
 * The test pictures of a folder and those below: pairs if they are named `NAME_SRF_4_HR.png` and
 * `NAME_SRF_4_LR.png`, else all pictures, cut to multiples of the scale and shrunk by `imresize`.
 * Pictures are decoded one after the other; `onSkip` is told of those that cannot be.
 *
 * @throws UsageError if there is none for the scale.
 */
export async function openTestSet(
  folder: string,
  { scale, channels }: { readonly scale: number; readonly channels: 1 | 3 },
  onSkip: (file: string, reason: string) => void,
): Promise<TestSet> {
  const files = await scanFolder(folder, ENDINGS);
  const paired = files.filter((file) => PAIRED.test(basename(file)));
  const originals =
    paired.length > 0
      ? paired.filter((file) => basename(file).match(PAIRED)!.slice(2).join() === `${scale},HR`)
      : files;
  if (originals.length === 0) {
    const found =
      paired.length > 0
        ? `only pairs for ×${[...new Set(paired.map((file) => PAIRED.exec(file)![2]))].join(', ×')}`
        : 'no pictures';
    throw new UsageError(`--set ${folder} must hold pictures for ×${scale}, got ${found}`);
  }
  const decode = (file: string) => decodePicture(join(folder, file), { channels });

  async function* pictures(): AsyncGenerator<TestPicture, void, undefined> {
    for (const file of originals) {
      try {
        const name = file.slice(0, -extname(file).length);
        const high = await decode(file);
        if (paired.length > 0) {
          const low = await decode(file.replace(/_HR(\.[a-z]+)$/i, '_LR$1'));
          const fits = low.height * scale === high.height && low.width * scale === high.width;
          if (!fits) throw new Error(`its LR has not 1/${scale} of its sides`);
          yield { name: name.replace(/_HR$/i, ''), low, high };
        } else {
          yield { name, ...shrink(high, scale) };
        }
      } catch (error) {
        onSkip(file, (error as Error).message.split('\n')[0]!);
      }
    }
  }
  return { pictures: pictures(), count: originals.length };
}

function shrink(picture: Picture, scale: number): Pick<TestPicture, 'low' | 'high'> {
  const height = Math.floor(picture.height / scale);
  const width = Math.floor(picture.width / scale);
  // SSIM's window and the border have to fit.
  const least = Math.ceil(11 / scale) + 2;
  if (Math.min(height, width) < least) {
    throw new Error(
      `it is ${picture.width}×${picture.height}, at least ${least * scale} a side are needed`,
    );
  }
  const high = cropPicture(picture, 0, 0, height * scale, width * scale);
  return { high, low: imresize(high, { height, width }) };
}
