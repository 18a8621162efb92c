import { activationCases } from './cases/activation-cases';
import { broadcastCases } from './cases/broadcast-cases';
import { comparisonCases } from './cases/comparison-cases';
import { convolutionCases } from './cases/convolution-cases';
import { ganloomCases } from './cases/ganloom-cases';
import { layerCases } from './cases/layer-cases';
import { normalizationCases } from './cases/normalization-cases';
import { pictureCases } from './cases/picture-cases';
import { productCases } from './cases/product-cases';
import { reductionCases } from './cases/reduction-cases';
import { samplingCases } from './cases/sampling-cases';
import { shapeCases } from './cases/shape-cases';
import { spectralCases } from './cases/spectral-cases';
import type { GradientFamily } from './gradient-case';

/** Every operation that the tests check and the table lists, in the table's order. */
export const gradientFamilies: readonly GradientFamily[] = [
  { title: 'Activations and other functions of one number', cases: activationCases },
  { title: 'Functions of two numbers, broadcast', cases: broadcastCases },
  { title: 'Comparisons and choices', cases: comparisonCases },
  { title: 'Reductions', cases: reductionCases },
  { title: 'Convolutions', cases: convolutionCases },
  { title: 'Pooling, resizing, padding', cases: pictureCases },
  { title: 'Cutting out, moving and dilating pictures', cases: samplingCases },
  { title: 'Matrix products', cases: productCases },
  { title: 'Fourier transforms', cases: spectralCases },
  { title: 'Normalization', cases: normalizationCases },
  { title: 'Moving elements', cases: shapeCases },
  { title: 'Stock layers', cases: layerCases },
  { title: 'Operations and layers of ganloom', cases: ganloomCases },
];
