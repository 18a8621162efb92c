export type { Tolerance, Values } from './allclose';
export { captureOutput } from './capture-output';
export { expectNoLeak } from './expect-no-leak';
export { finiteDifference } from './finite-difference';
export { modelOf, savedAndLoaded } from './saved-and-loaded';
export { toBeAllclose } from './to-be-allclose';
