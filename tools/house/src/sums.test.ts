import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const packages = join(import.meta.dirname, '..', '..', '..', 'packages');

/** Where `addN` is repaired or compared. */
const exceptions = /^(backends|backend-wasm)\/|^kernels\/src\/lib\/testing\/cases\//;
/** As code has it, not in the backticks of a comment. */
const ADD_N = /(?<!`)\btf\.addN\b|\baddN\b.*from '@tensorflow/;

// The stock webgpu backend drops sums of eight tensors or more.
it('no package adds by `tf.addN`, which `sumOf` of core is for', () => {
  const sources = readdirSync(packages).flatMap((name) =>
    readdirSync(join(packages, name, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => `${name}/src/${file.replaceAll('\\', '/')}`),
  );
  const adding = sources.filter((file) => ADD_N.test(readFileSync(join(packages, file), 'utf8')));
  expect(adding.filter((file) => !exceptions.test(file))).toEqual([]);
  // The pattern finds what it is for.
  expect(adding).toContain('kernels/src/lib/testing/cases/binary-cases.ts');
});
