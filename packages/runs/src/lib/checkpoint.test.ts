import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RandomStream } from '@ganloom/core';
import { decodeSafetensors, type Store } from '@ganloom/storage';
import { diskStore } from '@ganloom/storage/node';
import { newestCheckpoint } from './read-checkpoint';
import { beginCheckpoint, writeCheckpoint } from './write-checkpoint';

beforeAll(() => tf.setBackend('cpu'));

let path: string;
let run: Store;
/** Of the checkpoints in it. */
let folder: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'ganloom-checkpoint-'));
  run = diskStore(path);
  folder = join(path, 'checkpoints');
});
afterEach(() => rm(path, { recursive: true }));

async function write(step: number, values = [step, -0.5], keep?: number): Promise<void> {
  const tensors = { kernel: tf.tensor1d(values), updates: tf.scalar(step, 'int32') };
  try {
    await writeCheckpoint(run, { step, seconds: step / 2 }, tensors, { ...(keep && { keep }) });
  } finally {
    tf.dispose(tensors);
  }
}

const names = async () => (await readdir(folder)).sort();

it('gives back what was written', async () => {
  const tensors = { kernel: tf.tensor2d([[1e-40, -0, 3]]), updates: tf.scalar(7, 'int32') };
  const position = { step: 12, stage: 'content', seconds: 3.25 };
  await writeCheckpoint(run, position, tensors);
  const found = await newestCheckpoint(run);
  expect(found).toMatchObject({ ...position, name: 'checkpoints/step-000012' });
  expectNoLeak(() => tf.dispose(found.tensors()));
  const read = found.tensors();
  expect(Object.keys(read)).toEqual(['kernel', 'updates']);
  expect(read['kernel']!.shape).toEqual([1, 3]);
  expect(read['kernel']!.dataSync()).toEqual(tensors.kernel.dataSync());
  expect(read['updates']!.dtype).toBe('int32');
  tf.dispose([tensors, read]);
});

it('is a file of safetensors, and a manifest that names it with its sums', async () => {
  const tensors = { kernel: tf.tensor1d([1.5, -2]) };
  const position = { step: 12, stage: 'content', seconds: 3.25 };
  const best = { metric: 'distance', better: 'smaller', value: 0.5 } as const;
  await writeCheckpoint(run, position, tensors, { best, settings: { batch: 4 } });
  tensors.kernel.dispose();
  const sum = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
  const weights = await readFile(join(folder, 'step-000012', 'weights.safetensors'));
  expect(decodeSafetensors(weights)['kernel']!.values).toEqual(Float32Array.of(1.5, -2));
  const content = {
    ...{ format: 'ganloom-checkpoint', version: 1, ...position },
    quality: best,
    settings: { batch: 4 },
    weights: { file: 'weights.safetensors', bytes: weights.length, sha256: sum(weights) },
  };
  const manifest = { ...content, sha256: sum(JSON.stringify(content)) };
  expect(await readFile(join(folder, 'step-000012', 'manifest.json'), 'utf8')).toBe(
    `${JSON.stringify(manifest, null, 2)}\n`,
  );
});

it('lets the tensors change as soon as it is begun', async () => {
  const kernel = tf.variable(tf.tensor1d([1, 2]));
  const { written } = await beginCheckpoint(run, { step: 1, seconds: 0 }, { kernel });
  kernel.assign(tf.tensor1d([3, 4]));
  await written;
  const tensors = (await newestCheckpoint(run)).tensors();
  expect([...tensors['kernel']!.dataSync()]).toEqual([1, 2]);
  tf.dispose([kernel, tensors]);
});

it('keeps the newest two, and nothing of an earlier attempt at later steps', async () => {
  for (const step of [0, 5, 10, 15]) await write(step);
  expect(await names()).toEqual(['step-000010', 'step-000015']);
  await write(12);
  expect(await names()).toEqual(['step-000010', 'step-000012']);
  await write(1_000_000, [1], 1);
  expect(await names()).toEqual(['step-1000000']);
});

it('clears away what a killed process left unfinished, and touches no other file', async () => {
  await write(5);
  // Of a version that renamed folders, without a manifest, and replaced by other weights.
  await mkdir(join(folder, '.step-000003.99.tmp'));
  await mkdir(join(folder, 'step-000006'));
  await writeFile(join(folder, 'step-000006', 'weights.safetensors'), 'half');
  await writeFile(join(folder, 'step-000005', 'weights-2.safetensors'), 'void');
  await writeFile(join(folder, 'step-000005', 'notes.txt'), 'mine');
  await writeFile(join(folder, 'notes.txt'), 'mine');
  await write(10);
  expect(await names()).toEqual(['notes.txt', 'step-000005', 'step-000010']);
  expect((await readdir(join(folder, 'step-000005'))).sort()).toEqual([
    'manifest.json',
    'notes.txt',
    'weights.safetensors',
  ]);
});

it('has its weights where the manifest says: others beside them until they are replaced', async () => {
  const parts = async () => (await readdir(join(folder, 'step-000005'))).sort();
  const file = async () =>
    JSON.parse(await readFile(join(folder, 'step-000005', 'manifest.json'), 'utf8')).weights.file;
  const value = async () => {
    const { kernel } = (await newestCheckpoint(run)).tensors();
    const [first] = await kernel!.data();
    kernel!.dispose();
    return first;
  };
  const expected = [
    [1, 'weights.safetensors'],
    [2, 'weights-2.safetensors'],
    // The same again needs no other place.
    [2, 'weights-2.safetensors'],
    [3, 'weights.safetensors'],
  ] as const;
  for (const [first, name] of expected) {
    await write(5, [first]);
    expect([await file(), await value()]).toEqual([name, first]);
    expect(await parts()).toEqual(['manifest.json', name]);
  }
});

it('refuses values that are not finite, and keeps what is there', async () => {
  await write(5);
  await expect(write(10, [1, NaN])).rejects.toThrow(
    'writeCheckpoint: "kernel" must be finite, got NaN; the checkpoints before stay',
  );
  expect(await names()).toEqual(['step-000005']);
});

it('leaves nothing half-written behind when the disk says no', async () => {
  await write(5);
  // A folder where the manifest should be.
  await mkdir(join(folder, 'step-000010', 'manifest.json'), { recursive: true });
  await expect(write(10)).rejects.toThrow(
    /^writeCheckpoint: .*step-000010 could not be written: EISDIR.*; the checkpoints before stay$/,
  );
  await rm(join(folder, 'step-000010', 'manifest.json'), { recursive: true });
  await write(15);
  expect(await names()).toEqual(['step-000005', 'step-000015']);
  await writeFile(join(path, 'file'), '');
  const tensors = { kernel: tf.scalar(1) };
  const blocked = diskStore(join(path, 'file'));
  await expect(writeCheckpoint(blocked, { step: 1, seconds: 0 }, tensors)).rejects.toThrow(
    /ENOTDIR/,
  );
  tensors.kernel.dispose();
});

describe('damage', () => {
  async function newest() {
    const warnings: string[] = [];
    const found = await newestCheckpoint(run, (message) => warnings.push(message));
    return { step: found.step, warnings };
  }

  const cases: [string, (path: string) => Promise<unknown>, RegExp][] = [
    ['no manifest', (path) => rm(join(path, 'manifest.json')), /it has no manifest.json/],
    [
      'no weights',
      (path) => rm(join(path, 'weights.safetensors')),
      /is damaged: it has no weights/,
    ],
    ['an empty manifest', (path) => writeFile(join(path, 'manifest.json'), ''), /is not JSON/],
    [
      'a null manifest',
      (path) => writeFile(join(path, 'manifest.json'), 'null'),
      /the checksum of manifest.json is wrong/,
    ],
    [
      'a truncated file',
      async (path) => {
        const file = join(path, 'weights.safetensors');
        await writeFile(file, (await readFile(file)).subarray(0, 50));
      },
      /the checksum of weights.safetensors is wrong/,
    ],
    [
      'an edited manifest',
      async (path) => {
        const file = join(path, 'manifest.json');
        await writeFile(
          file,
          (await readFile(file, 'utf8')).replace('"seconds": 5', '"seconds": 6'),
        );
      },
      /the checksum of manifest.json is wrong/,
    ],
    [
      'the manifest of another step',
      async (path) => {
        const other = join(path, '../step-000005/manifest.json');
        await writeFile(join(path, 'manifest.json'), await readFile(other));
      },
      /is of step 5/,
    ],
  ];
  it.each(cases)(
    '%s: the one before is taken, and the damaged one named',
    async (_, damage, reason) => {
      await write(5);
      await write(10);
      await damage(join(folder, 'step-000010'));
      const { step, warnings } = await newest();
      expect(step).toBe(5);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(reason);
      expect(warnings[0]).toContain(`the checkpoint ${join(folder, 'step-000010')} `);
      expect(warnings[0]).toMatch(/; looking for another one$/);
    },
  );

  it('of any single byte is seen', async () => {
    await write(5);
    await write(10);
    const random = RandomStream.fromSeed(1);
    for (const name of ['manifest.json', 'weights.safetensors']) {
      const file = join(folder, 'step-000010', name);
      const good = await readFile(file);
      for (const at of random.integers(60, good.length)) {
        const bad = Buffer.from(good);
        bad[at]! ^= 1 << random.integers(1, 8)[0]!;
        await writeFile(file, bad);
        const { step } = await newest();
        // Only white space of the manifest may change.
        const harmless = name === 'manifest.json' && sameJson(bad.toString(), good.toString());
        expect(step).toBe(harmless ? 10 : 5);
      }
      await writeFile(file, good);
    }
    expect((await newest()).step).toBe(10);
  });

  it('of all is an error that says so', async () => {
    await write(5);
    await write(10);
    for (const name of await names()) await writeFile(join(folder, name, 'manifest.json'), '{');
    await expect(newest()).rejects.toThrow(
      `newestCheckpoint: ${folder} must hold a whole checkpoint, but none of the 2 in it can be used: is damaged: manifest.json is not JSON`,
    );
    await expect(newestCheckpoint(run.within('nowhere'))).rejects.toThrow(
      'but it has none; train anew',
    );
  });

  it('is not that of another version: an error, as an older checkpoint would lose steps', async () => {
    await write(5);
    await write(10);
    const file = join(folder, 'step-000010', 'manifest.json');
    const { sha256: _, ...content } = JSON.parse(await readFile(file, 'utf8'));
    const later = { ...content, version: 2 };
    const sum = createHash('sha256').update(JSON.stringify(later)).digest('hex');
    await writeFile(file, JSON.stringify({ ...later, sha256: sum }));
    await expect(newest()).rejects.toThrow(
      `the checkpoint ${join(folder, 'step-000010')} must be ganloom-checkpoint 1, but is ` +
        'ganloom-checkpoint 2; use the version of ganloom that wrote it',
    );
    expect(await names()).toEqual(['step-000005', 'step-000010']);
  });
});

function sameJson(a: string, b: string): boolean {
  try {
    return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));
  } catch {
    return false;
  }
}
