import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { makeProject, mustRun, run } from './packed';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ganloom-program-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What makes a training short. */
const SHORT: Readonly<Record<string, readonly string[]>> = {
  '@ganloom/dcgan': ['--steps', '2', '--filters', '4', '--batch', '8'],
  '@ganloom/cgan': ['--steps', '2', '--filters', '4', '--batch', '8'],
  '@ganloom/super-resolution': [
    ...['--dataset', 'emoji', '--patch', '32', '--batch', '2', '--filters', '4'],
    ...['--content-steps', '2', '--adversarial-steps', '1', '--discriminator-filters', '4'],
  ],
};

describe.each(Object.entries(SHORT))('npx %s, with nothing else installed', (name, short) => {
  let project: string;

  beforeAll(async () => {
    project = join(folder, name.replace('/', '-'));
    await makeProject(project, inject('tarballs'), { wanted: [name] });
  });

  it('says what it does', async () => {
    const { out, err } = await mustRun('npx', [name, '--help'], { cwd: project });
    expect([out.includes('train'), err]).toEqual([true, '']);
  });

  it('trains, and says no word of what is not its own', async () => {
    const args = [name, 'train', '--out', 'mine', ...short];
    const { code, out, err } = await run('npx', args, { cwd: project });
    expect([code, out], err).toEqual([0, expect.stringContaining('mine')]);
    expect(err).not.toMatch(/speed things up|Warning|deprecat/i);
    expect(existsSync(join(project, 'mine', 'generator', 'model.json'))).toBe(true);
    expect(readFileSync(join(project, 'mine', 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  });
});
