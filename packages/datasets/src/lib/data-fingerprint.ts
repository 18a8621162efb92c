import type { Dataset } from '@ganloom/core';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import * as tf from '@tensorflow/tfjs';

/** So many examples, spread over the set, stand for all of it. */
const WITNESSES = 64;

/** Tells one data set from another by its contents, wherever they lie: 16 hexadecimal digits. */
export async function dataFingerprint(data: Dataset): Promise<string> {
  const { size, shapes, classNames } = data;
  // As it was when pictures were all there is.
  const { images } = shapes;
  const imageShape = images && { height: images[0], width: images[1], channels: images[2] };
  const hash = sha256.create().update(JSON.stringify({ size, imageShape, classNames }));
  const count = Math.min(WITNESSES, size);
  for (let i = 0; i < count; i++) {
    // One at a time, as photographs are large.
    const batch = await data.batch([Math.floor((i * size) / count)]);
    for (const name of Object.keys(batch).sort()) {
      const values = await batch[name]?.data();
      if (!values) continue;
      hash.update(name).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    }
    tf.dispose(Object.values(batch) as tf.Tensor[]);
  }
  return bytesToHex(hash.digest()).slice(0, 16);
}
