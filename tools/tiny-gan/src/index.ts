export { growingPlan } from './growing-game';
export {
  discriminatorTerm,
  disposeVariant,
  softplusLoss,
  tinyData,
  type TinyData,
  tinyVariant,
  weightsIn,
  weightsOf,
  withSeededWeights,
} from './tiny';
