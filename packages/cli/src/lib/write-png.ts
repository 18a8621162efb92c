import type { Picture } from '@ganloom/images';
import { encodePng } from '@ganloom/images';
import { writeFileAtomic } from '@ganloom/storage/node';

/** Writes a picture of 1 (grey), 3 (RGB) or 4 (RGBA) channels as PNG. */
export async function writePng(path: string, picture: Picture): Promise<void> {
  await writeFileAtomic(path, encodePng(picture));
}
