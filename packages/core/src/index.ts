export type {
  AdversarialLoss,
  Batch,
  Critique,
  Dataset,
  Game,
  NamedVariables,
  Optimizer,
  Origin,
  Plan,
  Player,
  Rehearsal,
  Sample,
  SampleLoss,
  Sampler,
  SamplerInput,
  Schedule,
  Shown,
  Stage,
  Term,
  TermContext,
  Variant,
} from './lib/contracts';
export { GanloomError, ganloomError, UsageError, usageError } from './lib/errors';
export { mapSample } from './lib/map-sample';
export { pack, unpack } from './lib/packs';
export { philox4x32 } from './lib/philox';
export { type RandomState, RandomStream } from './lib/random-stream';
export { joinedStatistics, type Statistics } from './lib/statistics';
export { sumOf } from './lib/sum-of';
export { updateCount, type UpdateCount } from './lib/update-count';
export { valueAt } from './lib/value-at';
export { type ImageShape, imageShapeOf } from './lib/image-shape';
export { memberOf } from './lib/member-of';
export {
  describeRange,
  isWithin,
  type NumberRange,
  requireCounts,
  requireKnown,
  requireIntegers,
  requireNumbers,
} from './lib/checks';
