// `pnpm create-variant NAME` begins a GAN variant: its file in apps/variants, its test, its page, and the
// lines that make it a `--variant`. It is that of apps/variants/src/template, under another name.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * @param {string} name in kebab case, such as `least-squares-gan`
 * @param {string} app the folder of apps/variants
 * @returns {string[]} the files that are new or changed, within `app`
 */
export function createVariant(name, app = join(root, 'apps', 'variants')) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name ?? '')) {
    throw new Error(
      `create-variant: the name must be words of small letters and digits with hyphens between, got "${name}"; as in: pnpm create-variant least-squares-gan`,
    );
  }
  const camel = name.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase());
  const words = { 'my-gan': name, myGan: camel, myLoss: `${camel.replace(/Gan$/, '')}Loss` };
  if (isReserved(camel) || words.myLoss === camel) {
    throw new Error(
      `create-variant: no function can be called ${camel} beside its loss ${words.myLoss}; take a name such as ${name}-gan`,
    );
  }
  /** @param {string} text */
  const renamed = (text) =>
    text.replaceAll(
      /my-gan|myGan|myLoss/g,
      (word) => words[/** @type {keyof typeof words} */ (word)],
    );

  const added = {
    [`src/${name}.ts`]: 'my-gan.ts',
    [`src/${name}.test.ts`]: 'my-gan.test.ts',
    [`docs/${name}.md`]: 'my-gan.md',
  };
  const there = Object.keys(added).find((file) => existsSync(join(app, file)));
  if (there)
    throw new Error(`create-variant: ${join(app, there)} is there already; take another name`);

  // All changes are made before the first is written.
  const changed = {
    'src/recipe.ts': insert(join(app, 'src', 'recipe.ts'), [
      [/(?:^import .*;\n)+/m, `import { ${camel} } from './${name}';\n`],
      [
        /variants: Readonly<Record<string, AnyVariant>> = \{\n(?: {2}.*\n)+/,
        `  '${name}': ${camel},\n`,
      ],
    ]),
    'README.md': insert(join(app, 'README.md'), [
      [
        /^\| `--variant` .*\n(?:\|.*\n)+/m,
        `| \`${name}\` | [\`${name}.ts\`](src/${name}.ts) | [its page](docs/${name}.md) |\n`,
      ],
    ]),
  };
  mkdirSync(join(app, 'docs'), { recursive: true });
  for (const [file, template] of Object.entries(added)) {
    writeFileSync(
      join(app, file),
      renamed(readFileSync(join(app, 'src', 'template', template), 'utf8')),
    );
  }
  for (const [file, text] of Object.entries(changed)) writeFileSync(join(app, file), text);
  return [...Object.keys(added), ...Object.keys(changed)];
}

/**
 * The text of a file with a line behind each place that a pattern finds.
 * @param {string} file
 * @param {[RegExp, string][]} lines
 */
function insert(file, lines) {
  return lines.reduce(
    (text, [place, line]) => {
      const found = place.exec(text);
      if (!found) throw new Error(`create-variant: ${file} has no place for the line ${line}`);
      const end = found.index + found[0].length;
      return text.slice(0, end) + line + text.slice(end);
    },
    readFileSync(file, 'utf8'),
  );
}

/** @param {string} word */
function isReserved(word) {
  try {
    new Script(`'use strict'; const ${word} = 1;`);
    return false;
  } catch {
    return true;
  }
}
