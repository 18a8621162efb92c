export { growingPlan } from './growing-game';
export { picturesShown } from './pictures-shown';
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
