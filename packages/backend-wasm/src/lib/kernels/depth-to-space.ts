import type { FastKernel } from './kernel';
import { copyLoop, isWord } from './shape';
import { stridesOf } from './strides';

/** Blocks of channels become blocks of pixels, as one copy with transposed strides. */
const depthToSpace: FastKernel = {
  name: 'DepthToSpace',
  run({ inputs, attrs, backend }) {
    const x = inputs['x']!;
    const { blockSize: block, dataFormat } = attrs as { blockSize: number; dataFormat: string };
    if (!isWord(x) || dataFormat !== 'NHWC') return undefined;
    const [batch, h, w, channels] = x.shape as [number, number, number, number];
    const depth = channels / (block * block);
    const y = backend.output([batch, h * block, w * block, depth], x.dtype);
    const sizes = [batch, h, block, w, block, depth];
    const [n, r, p, s, q, c] = stridesOf([batch, h, w, block, block, depth]) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    // y's dimensions in order: image, row, row in block, column, column in block, channel.
    const loop = { sizes, a: [n, r, s, p, q, c], b: stridesOf(sizes) };
    copyLoop(backend, backend.address(x), backend.address(y), loop);
    return y;
  },
};

export const depthToSpaceKernels: readonly FastKernel[] = [depthToSpace];
