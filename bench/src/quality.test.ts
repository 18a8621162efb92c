import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeNpy } from '@ganloom/storage';
import { afterAll, expect, it } from 'vitest';
import { quality, spread } from './quality';

const folder = mkdtempSync(join(tmpdir(), 'ganloom-quality-'));
afterAll(() => rmSync(folder, { recursive: true }));

const options = {
  backend: 'cpu',
  threads: 1,
  seeds: 1,
  steps: 1,
  filters: 1,
  batch: 1,
  count: 1,
  ema: 0,
};

it('gives mean and sample standard deviation', () => {
  // Squares about 4: 4 + 0 + 4, over n − 1.
  expect(spread([2, 4, 6])).toBe('4.00 ± 2.00');
  expect(spread([2])).toBe('2.00');
});

it('refuses files that are not pictures before it does any work', async () => {
  await expect(quality([join(folder, 'none.npy')], options)).rejects.toThrow(
    'quality: cannot read',
  );
  const file = join(folder, 'flat.npy');
  writeFileSync(file, encodeNpy({ shape: [2, 3], data: new Uint8Array(6) }));
  await expect(quality([file], options)).rejects.toThrow(
    'must hold uint8 [N,28,28,1], got Uint8Array [2,3]',
  );
});
