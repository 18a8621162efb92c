import { uint8Dataset } from 'ganloom';

const count = 512;
const side = 16;

/** Light disks of any size and place on black: pictures that need no file. */
export const disks = uint8Dataset({
  name: 'disks',
  imageShape: { height: side, width: side, channels: 1 },
  pixels: Uint8Array.from({ length: count * side * side }, (_, i) => {
    const [picture, pixel] = [Math.floor(i / side ** 2), i % side ** 2];
    const radius = 2 + (picture % 5);
    const [top, left] = [4 + ((picture * 7) % 9), 4 + ((picture * 11) % 9)];
    const distance = Math.hypot(Math.floor(pixel / side) - top, (pixel % side) - left);
    return Math.max(0, Math.min(255, 255 * (radius + 0.5 - distance)));
  }),
});
