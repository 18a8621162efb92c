import type { Picture } from '@ganloom/images';
import '@ganloom/test-tools';
import { expect, it } from 'vitest';
import fixture from '../../fixtures/picture-quality.json';
import { luma } from './luma';
import { psnr } from './psnr';
import { ssim } from './ssim';

const { height, width, border } = fixture;
const a = { data: Uint8Array.from(fixture.a), height, width, channels: 3 };
const b = { data: Uint8Array.from(fixture.b), height, width, channels: 3 };

function grey(height: number, width: number, value: (i: number) => number): Picture {
  const data = Uint8Array.from({ length: height * width }, (_, i) => value(i));
  return { data, height, width, channels: 1 };
}

it('has the luma of white, black and the primaries', () => {
  const data = Uint8Array.of(255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255);
  const { data: values } = luma({ data, height: 1, width: 5, channels: 3 });
  expect(values).toBeAllclose([235, 16, 16 + 65.481, 16 + 128.553, 16 + 24.966], { rtol: 1e-12 });
});

it('agrees with NumPy', () => {
  const tight = { rtol: 1e-9, atol: 0 };
  expect([psnr(a, b)]).toBeAllclose([fixture.psnr], tight);
  expect([psnr(a, b, { border })]).toBeAllclose([fixture.psnrInner], tight);
  expect([ssim(a, b)]).toBeAllclose([fixture.ssim], tight);
  expect([ssim(a, b, { border })]).toBeAllclose([fixture.ssimInner], tight);
});

it('has the PSNR computed by hand, without the border', () => {
  // Off by 5 everywhere inside: 10·log₁₀(255²/25).
  const flat = grey(5, 4, () => 100);
  const off = grey(5, 4, (i) => (i % 4 === 0 || i % 4 === 3 || i < 4 || i >= 16 ? 0 : 105));
  expect(psnr(flat, off, { border: 1 })).toBeCloseTo(20 * Math.log10(51), 10);
  expect(psnr(flat, flat)).toBe(Infinity);
});

it('has the SSIM computed by hand', () => {
  // Without variance only the luminance counts: (2·100·50 + C₁)/(100² + 50² + C₁).
  const c1 = 2.55 ** 2;
  const value = ssim(
    grey(11, 12, () => 100),
    grey(11, 12, () => 50),
  );
  expect(value).toBeCloseTo((10_000 + c1) / (12_500 + c1), 10);
  expect(ssim(a, a)).toBeCloseTo(1, 12);
});

it('says what does not fit', () => {
  expect(() => psnr(a, { ...a, width: width - 1 })).toThrow(
    'psnr: pictures must be of one size, 19×23×3, got "19×22×3"',
  );
  expect(() => psnr(grey(4, 4, Number), grey(4, 4, Number), { border: 2 })).toThrow(
    'psnr: border must leave 1×1 pixels of 4×4×1, got 2',
  );
  expect(() => ssim(grey(10, 30, Number), grey(10, 30, Number))).toThrow(
    'ssim: border must leave 11×11 pixels of 10×30×1, got 0',
  );
  expect(() => luma({ data: new Uint8Array(4), height: 1, width: 1, channels: 4 })).toThrow(
    'luma: a picture must have 1 or 3 channels, got 4; remove alpha',
  );
});
