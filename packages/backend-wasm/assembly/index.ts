export { batchNormBackward, batchNormForward, batchNormWorkspace, channelAffine } from './batch-norm';
export {
  col2im, convBackwardFilter, convBackwardInput, convForward, im2col, packTransposedFilter,
} from './conv';
export { stridedCopy } from './copy';
export { depthwiseBackwardFilter, depthwiseBackwardInput, depthwiseForward } from './depthwise';
export { binaryOp, castOp, dimsAddress, fillFloat, fillWords, logicalOp, selectOp, unaryOp } from './elementwise';
export { gather, segmentSum } from './gather';
export { convGeometry } from './geometry';
export { matMulColumns, matMulFewRows, matMulRows, packB, packedBytes, takesPlain } from './gemm';
export { scratchBytes, setScratch } from './layout';
export { adamStep, lerpStep, lionStep, rmsPropStep, sgdStep } from './optimizer';
export { readyWorkers, setMayWait, stopWorkers, workerFailed, workerLoop } from './pool';
export { avgPool, avgPoolGrad, maxPool, maxPoolGrad } from './pooling';
export { randomNormal } from './random';
export { extremumGrad, reduceChunks, reduceOp } from './reduce';
export { resizeBilinear, resizeBilinearGrad, resizeNearest, resizeNearestGrad } from './resize';
export { argReduce, scan } from './scan';
export { softmax } from './softmax';
export {
  winogradFilter, winogradFilterGradient, winogradGradient, winogradInput, winogradOutput, winogradPlane,
  winogradTaps,
} from './winograd';
