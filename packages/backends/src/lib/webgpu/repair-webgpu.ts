import * as tf from '@tensorflow/tfjs';
import { replaceKernel } from '../replace-kernel';
import { addInGroups } from './add-in-groups';
import { castToFloat } from './cast-to-float';
import { equalRanks, kernelsOfTwo } from './equal-ranks';
import { placeIsScalar } from './place-is-scalar';
import { reversedScans } from './reversed-scans';
import { segmentsInRange } from './segments-in-range';
import { transposeIntegers } from './transpose-integers';

/** Puts right what the stock webgpu backend gets wrong. */
export function repairWebgpu(): void {
  replaceKernel('AddN', 'webgpu', addInGroups);
  replaceKernel('Cast', 'webgpu', castToFloat);
  replaceKernel('Cumprod', 'webgpu', reversedScans);
  replaceKernel('Cumsum', 'webgpu', reversedScans);
  replaceKernel('Transpose', 'webgpu', transposeIntegers);
  replaceKernel('UnsortedSegmentSum', 'webgpu', segmentsInRange);
  for (const name of kernelsOfTwo) replaceKernel(name, 'webgpu', equalRanks);
  for (const name of ['ArgMax', 'ArgMin']) replaceKernel(name, 'webgpu', placeIsScalar);
  // A matrix product of tiles instead of a loop over the filter for each pixel.
  tf.env().set('WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE', false);
}
