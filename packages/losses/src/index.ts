export {
  absoluteError,
  charbonnier,
  type CharbonnierOptions,
  type ContentOptions,
  type ContentTerm,
  squaredError,
} from './lib/content';
export { hinge } from './lib/hinge';
export { leastSquares, type LeastSquaresOptions } from './lib/least-squares';
export { minimax, type MinimaxOptions } from './lib/minimax';
export { nonSaturating, type NonSaturatingOptions } from './lib/non-saturating';
export { perceptual, type PerceptualOptions } from './lib/perceptual';
export { relativisticPairing } from './lib/relativistic-pairing';
