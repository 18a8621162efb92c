import type { Pictures } from '@ganloom/images';
import { classAgreement, type LabeledVectors } from './class-agreement';
import type { Scalars } from './events';
import { neighborhoods, pictureCoverage } from './picture-coverage';
import { compareDiversity, pictureDiversity } from './picture-diversity';
import { pictureVectors } from './picture-vectors';

/** The names of what {@link sampleStatistics} may find. */
export const SAMPLE_STATISTICS = [
  'pixelDiversity',
  'nearestDistance',
  'pictureCoverage',
  'picturePrecision',
  'classAgreement',
] as const;

/** Pictures, and if they have some, the class of each. */
export type LabeledPictures = Pictures & { readonly labels?: ArrayLike<number> };

/** Compares samples with these real pictures, as far as the two can be compared. */
export function sampleStatistics(real: LabeledPictures): (samples: LabeledPictures) => Scalars {
  const diversity = pictureDiversity(real);
  const vectors = pictureVectors(real);
  const radii = neighborhoods(vectors);
  return (samples) => {
    const scalars = compareDiversity(pictureDiversity(samples), diversity);
    // What is shown of a pair stands side by side, and is none of the data's pictures.
    if (samples.shape.slice(1).join() !== real.shape.slice(1).join()) return scalars;
    const drawn = pictureVectors(samples);
    const covered = radii && pictureCoverage(drawn, vectors, radii);
    const agreement = agreementOf({ ...samples, vectors: drawn }, { ...real, vectors });
    return {
      ...scalars,
      ...(covered && { pictureCoverage: covered.coverage, picturePrecision: covered.precision }),
      ...(agreement !== undefined && { classAgreement: agreement }),
    };
  };
}

type Known = Pick<LabeledPictures, 'labels'> & Pick<LabeledVectors, 'vectors'>;

function agreementOf(samples: Known, real: Known): number | undefined {
  const [asked, given] = [samples.labels, real.labels];
  if (!asked || !given) return undefined;
  return classAgreement(
    { vectors: samples.vectors, labels: asked },
    { vectors: real.vectors, labels: given },
  );
}
