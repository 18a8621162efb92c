import { spawnSync } from 'node:child_process';

/** How to get PyTorch as the bench means it. */
export const installHint =
  'PyTorch is not there, so our side runs alone. On Debian: apt-get install python3-torch ' +
  'libopenblas0-pthread; elsewhere give a Python that has torch and numpy with --python.';

/** The first of these Pythons that can import torch and numpy; undefined if none can. */
export function findPytorch(
  candidates: readonly string[] = ['python3', '/usr/bin/python3'],
): string | undefined {
  return candidates.find(
    (python) => spawnSync(python, ['-c', 'import torch, numpy'], { stdio: 'ignore' }).status === 0,
  );
}

/** One BLAS thread: torch's own threads call BLAS, and two pools would fight for the cores. */
export const pytorchEnv = (): NodeJS.ProcessEnv => ({ ...process.env, OPENBLAS_NUM_THREADS: '1' });
