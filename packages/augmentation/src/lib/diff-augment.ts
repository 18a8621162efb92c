import type { Augmentation } from './augmentation';
import { brightness, contrast, saturation } from './color';
import { cutout } from './cutout';
import { inSequence } from './in-sequence';
import { translation } from './translation';

/**
 * Color, translation and cutout, on each picture that the discriminator sees, in both players'
 * steps: data go further, and as G learns through the augmentation, its pictures do not show it.
 *
 * Zhao et al. 2020 (DiffAugment), arXiv 2006.10738: the policy `color,translation,cutout`.
 */
export function diffAugment(): Augmentation {
  return inSequence([brightness(), saturation(), contrast(), translation(), cutout()]);
}
