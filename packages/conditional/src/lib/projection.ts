import { classInNormalizations } from './class-in-normalizations';
import { classProduct } from './class-product';
import type { Conditioning } from './conditioning';

/**
 * Projection, with conditional batch normalization in the generator.
 *
 * D(x, y) = ψ(φ(x)) + ⟨v_y, φ(x)⟩
 *
 * Miyato and Koyama 2018 (arXiv 1802.05637): {@link classInNormalizations} and {@link classProduct}.
 */
export function projection(): Conditioning {
  return {
    name: 'projection',
    generator: classInNormalizations(),
    discriminator: classProduct(),
  };
}
