/**
 * What a backend that `useBackend` started still gets wrong: a conformance test's name, and why one or
 * more of its cases fail. Empty tensors, infinities, NaN and denormals are not asked of GPUs.
 */
const onGpus: Readonly<Record<string, string>> = {
  'sine, also far out': 'GPUs promise an error of 2⁻¹¹ from −π to π, and nothing beyond',
  'cosine, also far out': 'GPUs promise an error of 2⁻¹¹ from −π to π, and nothing beyond',
  'quotients that are rounded down': 'it makes int32 of float32',
  'select of int32': 'the integers pass through float32',
  'resizing of int32 pictures, nearest': 'the integers pass through float32',
  'running sums of int32': 'the integers pass through float32',
  'matrix products with broadcast batches': 'it broadcasts one of the two only, and throws else',
  'gradient kernels of dilated convolution': 'they leave dilations out',
  'dilated depthwise convolution and its gradient kernels': 'the gradients leave dilations out',
  'gradient of max pooling: the first of equals takes it': 'the last of equals takes it',
  'gradients of pooling where the output was rounded up':
    'TensorFlow.js does not tell the gradient how the output was rounded',
};

const onCpu: Readonly<Record<string, string>> = {
  'sign of zeros, infinities and NaN': 'the sign of NaN is 0',
  'NaN stays NaN in functions of one number': 'the sign of NaN is 0',
  'NaN of either makes NaN in functions of two numbers': 'rounded down it is 0',
  'the first NaN is the place of the largest and of the smallest': 'comparisons pass it over',
  'NaN is the largest of all': 'comparisons pass it over',
  'NaN in a window makes its largest NaN': 'comparisons pass it over',
  'reductions of nothing': 'the largest and the smallest are NaN',
  'all of nothing, and any': 'not all of nothing are true',
  'quotients that are rounded down': 'it makes int32 of float32',
  'the error function': 'its formula is exact to 10⁻⁷, not to so much of a small number',
  'matrix products with broadcast batches': 'where both are broadcast, a part is left out',
  'gradient kernels of dilated convolution': 'they leave dilations out',
  'dilated depthwise convolution and its gradient kernels': 'the gradients leave dilations out',
  'pooling: a NaN reaches every window that has it': 'comparisons pass it over',
  'gradients of pooling where the output was rounded up':
    'TensorFlow.js does not tell the gradient how the output was rounded',
  'resizing of int32 pictures, nearest': 'the integers pass through float32',
  'unsorted segment sum: a NaN stays in its segment': 'the others take it times zero',
};

/** By the backend's name. */
export const knownFaults: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  webgpu: onGpus,
  webgl: onGpus,
  cpu: onCpu,
};
