import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { create, packageName, templates } from './create';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'create-ganloom-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each(templates)('%s: a project of its own name', (template) => {
  const place = join(folder, 'My first GAN');
  create(place, template);
  const manifest = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as {
    name: string;
    scripts: Record<string, string>;
  };
  expect(manifest.name).toBe('my-first-gan');
  expect(Object.keys(manifest.scripts)).toContain('start');
  expect(readdirSync(place)).toContain('.gitignore');
});

it('overwrites nothing', () => {
  writeFileSync(join(folder, 'train.ts'), 'mine');
  expect(() => create(folder, 'node')).toThrow('needs a new or empty folder');
  expect(() => create(join(folder, 'train.ts'), 'node')).toThrow('is there and not empty');
  expect(readdirSync(folder)).toEqual(['train.ts']);
});

it('names packages as npm wants them', () => {
  expect(packageName('Ünder_score v2')).toBe('nder-score-v2');
  expect(packageName('.')).toBe('my-gan');
});
