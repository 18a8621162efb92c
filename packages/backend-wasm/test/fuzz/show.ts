import type { Difference } from './compare';
import { type Program, sliceOf } from './program';

/** The part of a program that a difference needs, as a test for packages/kernels/src/lib/testing/cases. */
export function showAsTest(program: Program, { what, name, gradient }: Difference): string {
  const part = program.expected.has(name) ? sliceOf(program, name) : program;
  const inputs = part.inputs.map(
    ({ seed, shape, dtype, low, high }) =>
      `      new Cases(${seed}).grid([${shape.join(', ')}], '${dtype}', ${low}, ${high}),`,
  );
  const body = part.statements.map(({ text }) => text);
  const names = part.inputs.map((input) => input.name);
  const typed = (all: readonly string[]) => all.map((one) => `${one}: tf.Tensor`).join(', ');
  const wanted = part.inputs.filter(({ dtype }) => dtype === 'float32').map((i) => i.name);
  const last = part.statements.at(-1)?.names ?? [];
  const op = gradient
    ? [
        `    const op = (${typed(names)}) =>`,
        `      tf.grads((${typed(wanted)}) => {`,
        ...body.map((text) => `        ${text}`),
        `        return tf.sum(tf.square(${name}));`,
        `      })([${wanted.join(', ')}]);`,
      ]
    : [
        `    const op = (${typed(names)}) => {`,
        ...body.map((text) => `      ${text}`),
        `      return [${program.expected.has(name) ? name : last.join(', ')}];`,
        '    };',
      ];
  return [
    `// ${gradient ? 'gradient of ' : ''}${name}: ${what.replaceAll('\n', '\n// ')}`,
    '{',
    `  name: 'random program ${program.seed}',`,
    '  cases: () => {',
    ...op,
    '    const inputs = [',
    ...inputs,
    '    ];',
    '    return [{ inputs, op }];',
    '  },',
    '},',
  ].join('\n');
}
