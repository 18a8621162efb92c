import { classInNormalizations } from './class-in-normalizations';
import { classNaming, type ClassNamingOptions } from './class-naming';
import type { Conditioning } from './conditioning';

/**
 * The auxiliary classifier of Odena, Olah and Shlens 2017 (arXiv 1610.09585): {@link classNaming}.
 *
 * The generator takes the class in its normalizations, as in `projection`: with a class beside the
 * latent, as in the paper, it soon draws one picture per class.
 *
 * @throws UsageError if the weight is no positive number.
 */
export function auxiliaryClassifier(options: ClassNamingOptions = {}): Conditioning {
  return {
    name: 'auxiliary-classifier',
    generator: classInNormalizations(),
    discriminator: classNaming(options),
  };
}
