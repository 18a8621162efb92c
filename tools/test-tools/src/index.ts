export { captureOutput } from './capture-output';
export { expectNoLeak } from './expect-no-leak';
export { finiteDifference } from './finite-difference';
export { toBeAllclose } from './to-be-allclose';
