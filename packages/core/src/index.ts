export type {
  AdversarialLoss,
  Batch,
  Critique,
  Dataset,
  Game,
  ImageShape,
  NamedVariables,
  Optimizer,
  Picture,
  Plan,
  Player,
  Rehearsal,
  Sample,
  Schedule,
  Stage,
  Term,
  TermContext,
  Variant,
} from './lib/contracts';
export { GanloomError, UsageError, ganloomError } from './lib/errors';
export { installGradients } from './lib/gradients/install-gradients';
export { latentGame, type LatentGameOptions } from './lib/latent-game';
export { mapSample } from './lib/map-sample';
export { batchNormTraining, type BatchNormResult } from './lib/ops/batch-norm-training';
export { conv2d, type Conv2dOptions } from './lib/ops/conv2d';
export { dense } from './lib/ops/dense';
export { forward, type ForwardOptions } from './lib/ops/forward';
export { leakyRelu } from './lib/ops/leaky-relu';
export { ensureOwnStorage, inPlaceKernel, moveTowards } from './lib/ops/move-towards';
export { variableGradients, type VariableGradients } from './lib/ops/variable-gradients';
export { pack, unpack } from './lib/packs';
export { philox4x32 } from './lib/philox';
export { RandomStream, type RandomNormalAttrs, type RandomState } from './lib/random-stream';
