import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumFlags, findChromium } from '@ganloom/config/chromium';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { install, makeProject, mustRun } from './packed';
import { serveFolder } from './serve-folder';

const executablePath = findChromium();
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ganloom-starter-'));
  await makeProject(folder, inject('tarballs'), { wanted: ['create-ganloom'] });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `npm create ganloom` and `npm install` leave in a folder. */
async function begin(template: string): Promise<string> {
  await mustRun('npx', ['create-ganloom', template, '--template', template], { cwd: folder });
  const project = join(folder, template);
  await install(project, inject('tarballs'));
  await mustRun('npx', ['tsc'], { cwd: project });
  return project;
}

it('of a program: trains, draws, saves, and draws with what was saved', async () => {
  const start = performance.now();
  const project = await begin('node');
  await mustRun('npm', ['start', '--', '1'], { cwd: project });
  console.log(
    `from nothing to samples of a hundred steps: ${((performance.now() - start) / 1000).toFixed(0)} s`,
  );
  await mustRun('npm', ['run', 'draw', '7'], { cwd: project });
  for (const file of ['samples.png', 'drawn-7.png']) {
    expect(readFileSync(join(project, file)).subarray(1, 4).toString('latin1'), file).toBe('PNG');
  }
});

describe.skipIf(executablePath === undefined)('of a page', () => {
  it('is built, trains in Chromium and shows what it draws', async () => {
    const project = await begin('page');
    await mustRun('npm', ['run', 'build'], { cwd: project });
    expect(existsSync(join(project, 'dist', 'index.html'))).toBe(true);
    const browser = await chromium.launch({ executablePath: executablePath!, args: chromiumFlags });
    try {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      await serveFolder(page, join(project, 'dist'));
      await page.goto('http://localhost/');
      await page.click('#draw');
      await page.waitForFunction(
        `document.querySelector('#status').textContent.includes('is not there')`,
      );
      await page.click('#train');
      await page.waitForFunction(`document.querySelector('#pictures').naturalWidth > 0`);
      expect(await page.textContent('#status')).toMatch(/^\d+ of 1000 steps$/);
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
