import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitepress';
import { web } from '../../scripts/pack.mjs';
import { pageOf, toSiteLinks } from './site-links';

const root = join(import.meta.dirname, '..', '..');

/** A link to a page, which is called as its file or folder if nothing else is said. */
const page = (file: string, text = file.split('/').at(-1)!) => ({ text, link: pageOf(file)! });
const pagesIn = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((name) => existsSync(join(root, folder, name, 'README.md')))
    .map((name) => page(`${folder}/${name}`));

const guide = [
  {
    text: 'Begin',
    items: [
      page('docs/getting-started.md', 'Getting started'),
      page('docs/own-pictures.md', 'Your own pictures'),
      page('docs/in-a-page.md', 'In a web page'),
      page('docs/troubleshooting.md', 'Troubleshooting'),
    ],
  },
  {
    text: 'Train',
    items: [
      page('docs/backends.md', 'Backends'),
      page('docs/reproducibility.md', 'Reproducibility'),
      page('docs/checkpoints.md', 'Checkpoints and resume'),
      page('docs/events.md', 'Events'),
      page('docs/metrics.md', 'Metrics'),
    ],
  },
  {
    text: 'Extend',
    items: [
      page('docs/write-your-own-gan.md', 'Write your own GAN'),
      page('docs/where-do-i-put.md', 'Where do I put …'),
      page('docs/second-order-gradients.md', 'Gradients of gradients'),
      page('docs/architecture.md', 'Architecture'),
      page('docs/glossary.md', 'Glossary'),
    ],
  },
  { text: 'Recipes', items: pagesIn('apps') },
  { text: 'Packages', items: pagesIn('packages') },
  { text: 'Speed', items: [page('bench', 'Benchmarks')] },
  {
    text: 'Decisions',
    collapsed: true,
    items: readdirSync(join(root, 'docs', 'decisions')).map((name) =>
      page(`docs/decisions/${name}`, name.replace(/\.md$/, '').replaceAll('-', ' ')),
    ),
  },
];

export default defineConfig({
  title: 'ganloom',
  description: 'GANs in TypeScript, on TensorFlow.js',
  // The READMEs of packages and recipes are pages too; all else that is Markdown is not.
  srcDir: '..',
  srcExclude: [
    '*.md',
    '.*/**',
    'tools/**',
    'runs/**',
    '**/{dist,src,results,test,templates,fixtures}/**/*.md',
    '**/CHANGELOG.md',
  ],
  rewrites: (file) => {
    const address = pageOf(file);
    if (address === undefined) return file;
    return `${address.slice(1)}${address.endsWith('/') ? 'index' : ''}.md`;
  },
  cleanUrls: true,
  // Formulas have braces.
  markdown: { config: toSiteLinks, attrs: { disable: true } },
  // Pages lie outside of the folder that has it.
  vite: { resolve: { alias: { vue: join(import.meta.dirname, '..', 'node_modules', 'vue') } } },
  themeConfig: {
    nav: [
      page('docs/getting-started.md', 'Guide'),
      page('apps/dcgan', 'Recipes'),
      { text: 'API', link: '/api/' },
      page('docs/troubleshooting.md', 'Troubleshooting'),
    ],
    sidebar: {
      '/api/': [{ text: 'API', link: '/api/', items: apiPages() }],
      '/': guide,
    },
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: web }],
    footer: { message: 'MIT license' },
  },
});

/** The entries of packages, by the names that are imported. */
function apiPages() {
  const folder = join(root, 'docs', 'api');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && file !== 'index.md')
    .map((file) => page(`docs/api/${file}`, file.replace(/\.md$/, '')))
    .toSorted((a, b) => (a.text < b.text ? -1 : 1));
}
