import { classBesideLatent } from './class-beside-latent';
import { classBesidePicture } from './class-beside-picture';
import type { Conditioning } from './conditioning';

/**
 * Concatenation: a learned vector of the class beside the latent, and a learned map of the class
 * beside the picture's channels.
 *
 * G(z, y) = G([z, u_y]),  D(x, y) = D([x, m_y])
 *
 * Mirza and Osindero 2014 (arXiv 1411.1784): {@link classBesideLatent} and {@link classBesidePicture}.
 */
export function concatenation(): Conditioning {
  return {
    name: 'concatenation',
    generator: classBesideLatent(),
    discriminator: classBesidePicture(),
  };
}
