const WORKGROUP = 64;

/**
 * A shader of one thread for each element of its output, as the stock backend takes them. Of `A`, its one
 * input, `body` has the flat array; of the output, the coordinates.
 *
 * @param key names the shader among all that the backend compiled; everything that changes `body` is in it
 * @param body WGSL that sets the output at `index`
 */
export function flatProgram(key: string, outputShape: readonly number[], body: string) {
  const size = outputShape.reduce((a, b) => a * b, 1);
  return {
    variableNames: ['A'],
    outputShape,
    workgroupSize: [WORKGROUP, 1, 1],
    dispatchLayout: { x: outputShape.map((_, i) => i) },
    dispatch: [Math.ceil(size / WORKGROUP), 1, 1],
    size: true,
    shaderKey: `ganloom_${key}`,
    getUserCode: () => `
      fn main(index : i32) {
        if (index < uniforms.size) {
          ${body}
        }
      }
    `,
  };
}
