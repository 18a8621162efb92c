import { ganloomError } from '@ganloom/core';

/** The bytes themselves, or unpacked if they begin like gzip (1f 8b). Works in browsers and Node. */
export async function gunzipIfNeeded(bytes: Uint8Array, where: string): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
    const unpacked = packed.pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw ganloomError(
      where,
      'gzip data must unpack',
      `${bytes.length} bytes that do not (${reason})`,
      'the file is damaged or incomplete, fetch it again',
    );
  }
}
