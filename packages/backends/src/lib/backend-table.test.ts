import { expect, it } from 'vitest';
import { backendTable } from './backend-table';

it('has lines for each backend', () => {
  expect(
    backendTable([
      {
        name: 'wasm',
        isAvailable: true,
        device: 'WebAssembly, SIMD',
        simd: { bits: 128, relaxed: false },
        threads: 1,
        trains: true,
      },
      { name: 'webgpu', isAvailable: false, missing: 'no GPU', remedy: 'buy one', trains: false },
      { name: 'webgl', isAvailable: true, device: 'Old', trains: false, note: '16 bits' },
    ]),
  ).toBe(
    [
      'wasm    trains: WebAssembly, SIMD, 128 bits, 1 thread',
      'webgpu  not here: no GPU',
      '        → buy one',
      'webgl   does not train: Old',
      '        (16 bits)',
    ].join('\n'),
  );
});
