export { batchNormBackward, batchNormForward, batchNormWorkspace, channelAffine } from './batch-norm';
export {
  col2im, convBackwardFilter, convBackwardInput, convForward, convGeometry, im2col, packTransposedFilter,
} from './conv';
export { stridedCopy } from './copy';
export { binaryOp, castToFloat, dimsAddress, fillFloat, fillWords, selectOp, unaryOp } from './elementwise';
export { matMulColumns, matMulRows, packB, packedBytes } from './gemm';
export { scratchBytes, setScratch } from './layout';
export { adamStep, lerpStep } from './optimizer';
export { readyWorkers, setMayWait, stopWorkers, workerFailed, workerLoop } from './pool';
export { randomNormal } from './random';
export { reduceChunks, reduceOp } from './reduce';
