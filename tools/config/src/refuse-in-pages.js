/** @import { Options } from 'tsup' */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * Beside each entry for Node alone, `dist/node.js`, one for the condition `browser`, `dist/node.browser.js`:
 * it has the same names, as bundlers insist on them, and throws in words when a page loads it.
 *
 * @param {Readonly<Record<string, string>>} instead sources of such entries, and what a page imports instead
 * @returns {NonNullable<Options['plugins']>[number]}
 */
export function refuseInPages(instead) {
  return {
    name: 'refuse-in-pages',
    renderChunk(_, { entryPoint, exports = [] }) {
      const other = entryPoint && instead[entryPoint];
      if (!other || this.format !== 'esm') return;
      const { name } = JSON.parse(readFileSync('package.json', 'utf8'));
      const entry = basename(entryPoint, '.ts');
      const path = entry === 'index' ? name : `${name}/${entry}`;
      const { outDir } = this.options;
      mkdirSync(outDir, { recursive: true });
      writeFileSync(join(outDir, `${entry}.browser.js`), refusal(path, other, exports));
    },
  };
}

/**
 * @param {string} path
 * @param {string} other
 * @param {readonly string[]} names
 */
function refusal(path, other, names) {
  const message = `${path}: this entry needs Node; in a page import ${other}`;
  return `import { GanloomError } from '@ganloom/core';

const refuse = () => {
  throw new GanloomError(${JSON.stringify(message)});
};
refuse();

export {
${names.map((name) => `  refuse as ${name},\n`).join('')}};
`;
}
