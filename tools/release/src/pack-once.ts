import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packAll } from './packed';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Paths of the tarballs by the packages' names. */
    tarballs: Readonly<Record<string, string>>;
  }
}

let folder: string;

/** Packs everything before the first check; all of them install the same tarballs. */
export async function setup(project: TestProject): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'ganloom-tarballs-'));
  project.provide('tarballs', await packAll(folder));
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true });
}
