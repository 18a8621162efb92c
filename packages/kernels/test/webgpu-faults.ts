/**
 * What the stock webgpu backend of TensorFlow.js 4.22 gets wrong: a test's name, and why one or more
 * of its cases fail. Empty tensors, infinities, NaN and denormals are not asked of it.
 */
export const webgpuFaults: Readonly<Record<string, string>> = {
  'sine, also far out': 'WGSL asks for an error of 2⁻¹¹ from −π to π, and for none beyond',
  'cosine, also far out': 'WGSL asks for an error of 2⁻¹¹ from −π to π, and for none beyond',
  'quotients that are rounded down': 'it makes int32 of float32',
  'addition of many': 'it binds a buffer for each, more than a device has, and the sum is dropped',
  'select of int32': 'the integers pass through float32',
  'resizing of int32 pictures, nearest': 'the integers pass through float32',
  'running sums of int32': 'the integers pass through float32',
  'matrix products with broadcast batches': 'it broadcasts one of the two only, and throws else',
  'gradient kernels of dilated convolution': 'they leave dilations out',
  'dilated depthwise convolution and its gradient kernels': 'the gradients leave dilations out',
  'gradient of max pooling: the first of equals takes it': 'the last of equals takes it',
  'gradient of average pooling, also at borders':
    'windows that a border cuts are divided by the size of whole ones',
  'gradients of pooling where the output was rounded up':
    'TensorFlow.js does not tell the gradient how the output was rounded',
  'gradient of resizing by corners, nearest, of several pictures':
    'from a row or column of one pixel it divides by zero',
  'gradient of resizing by corners, bilinear, of several pictures':
    'from a row or column of one pixel it divides by zero',
  'gradient of resizing by centers, nearest, of several pictures': 'it leaves halfPixelCenters out',
  'gradient of resizing by centers, bilinear, of several pictures':
    'it leaves halfPixelCenters out',
  'running sums along every axis':
    'a reversed one takes the shader that was built for another length',
  'running products along every axis':
    'a reversed one takes the shader that was built for another length',
  'gradient of running sums': 'a reversed one takes the shader that was built for another length',
  'transpose of int32, and of a bool tensor made float32':
    'the shader does not compile for integers, as which a cast leaves them',
  'unsorted segment sum, with ids outside':
    'an id beyond the last segment starts again at the first',
};
