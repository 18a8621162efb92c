export { captureOutput } from './capture-output';
export { expectNoLeak } from './expect-no-leak';
export { finiteDifference } from './finite-difference';
export { modelOf, savedAndLoaded } from './saved-and-loaded';
export { type Tolerance, type Values, toBeAllclose } from './to-be-allclose';
