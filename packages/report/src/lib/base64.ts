/** Bytes as base64, in browsers and Node. */
export function toBase64(bytes: Uint8Array): string {
  // So many arguments fit into one call anywhere.
  const most = 2 ** 12;
  let text = '';
  for (let at = 0; at < bytes.length; at += most) {
    text += String.fromCharCode(...bytes.subarray(at, at + most));
  }
  return btoa(text);
}
