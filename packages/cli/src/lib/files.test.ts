import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@ganloom/core';
import {
  createRunFolder,
  dropMetricsAfter,
  metricsSink,
  samplesSink,
  summarySink,
} from '@ganloom/runs';
import { loadModel, saveModel, writeFileAtomic } from '@ganloom/storage/node';
import { writePng } from './write-png';
import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pictureWriter } from './picture-files';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-training-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('writeFileAtomic', () => {
  it('writes into new folders and replaces files, leaving nothing else', async () => {
    const path = join(folder, 'a', 'b.txt');
    await writeFileAtomic(path, 'one');
    await writeFileAtomic(path, 'two');
    expect(await readFile(path, 'utf8')).toBe('two');
    expect(await readdir(join(folder, 'a'))).toEqual(['b.txt']);
  });

  it('leaves no temporary file when it fails', async () => {
    await writeFileAtomic(join(folder, 'taken', 'x'), '');
    await expect(writeFileAtomic(join(folder, 'taken'), 'one')).rejects.toThrow(
      /EISDIR|EEXIST|EPERM/,
    );
    expect(await readdir(folder)).toEqual(['taken']);
  });
});

describe('saveModel and loadModel', () => {
  const make = () =>
    tf.sequential({
      layers: [tf.layers.dense({ units: 2, inputShape: [3] }), tf.layers.batchNormalization()],
    });

  it('give back the same network', async () => {
    const model = make();
    await saveModel(model, folder);
    expect((await readdir(folder)).sort()).toEqual(['model.json', 'weights.bin']);
    const loaded = await loadModel(folder);
    const x = tf.randomNormal([4, 3]);
    expect(loaded.predict(x) as tf.Tensor).toBeAllclose(model.predict(x) as tf.Tensor, {
      rtol: 0,
      atol: 0,
    });
    for (const made of [model, loaded, x]) made.dispose();
  });

  it('write what plain tf.loadLayersModel reads over HTTP', async () => {
    const model = make();
    await saveModel(model, folder);
    const fetchFunc = async (url: string) => {
      const name = new URL(url).pathname;
      const type = name.endsWith('.json') ? 'application/json' : 'application/octet-stream';
      return new Response(new Uint8Array(await readFile(join(folder, name))), {
        headers: { 'Content-Type': type },
      });
    };
    const loaded = await tf.loadLayersModel(
      tf.io.http('http://localhost/model.json', { fetchFunc: fetchFunc as typeof fetch }),
    );
    const x = tf.randomNormal([4, 3]);
    expect(loaded.predict(x) as tf.Tensor).toBeAllclose(model.predict(x) as tf.Tensor, {
      rtol: 0,
      atol: 0,
    });
    for (const made of [model, loaded, x]) made.dispose();
  });

  it('leave no tensor behind', async () => {
    const model = make();
    await expectNoLeak(async () => {
      await saveModel(model, folder);
      (await loadModel(folder)).dispose();
    });
    model.dispose();
  });

  it('name the folder and the fault of a damaged network', async () => {
    await expect(loadModel(join(folder, 'nowhere'))).rejects.toThrow(
      /^loadModel: cannot load the network in .*nowhere: ENOENT.*; the folder must hold model.json and its weights, whole$/,
    );
    const model = make();
    await saveModel(model, folder);
    model.dispose();
    await writeFile(join(folder, 'weights.bin'), new Uint8Array(60));
    // 3·2 + 2 for dense, 4·2 for batch normalization, 4 bytes each.
    await expect(loadModel(folder)).rejects.toThrow('the weights must have 64 bytes, got 60');
    await writeFile(join(folder, 'model.json'), '{"modelTopology"');
    await expect(loadModel(folder)).rejects.toThrow('model.json is not JSON');
    await writeFile(join(folder, 'model.json'), '{}');
    await expect(loadModel(folder)).rejects.toThrow('model.json has no weightsManifest');
  });
});

describe('createRunFolder', () => {
  it('makes a new folder, and takes an empty one', async () => {
    const path = join(folder, 'new', 'run');
    const run = await createRunFolder(path);
    expect(run.generator).toBe(join(path, 'generator'));
    await createRunFolder(path);
    expect(await readdir(path)).toEqual([]);
  });

  it('refuses a folder in use, a file, and what cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    const inUse = createRunFolder(folder);
    await expect(inUse).rejects.toBeInstanceOf(UsageError);
    await expect(inUse).rejects.toThrow(
      `--out must name a new or empty folder, but ${folder} is not empty; choose another`,
    );
    await expect(createRunFolder(join(folder, 'file'))).rejects.toThrow('is a file');
    await expect(createRunFolder(join(folder, 'file', 'run'))).rejects.toThrow(
      'is a file or lies below one',
    );
    await expect(createRunFolder('/proc/ganloom')).rejects.toThrow(
      '--out must be writable, but /proc/ganloom is not: ',
    );
  });
});

describe('sinks', () => {
  it('write a line of metrics at each logged step', async () => {
    const path = join(folder, 'run', 'metrics.jsonl');
    const sink = metricsSink(path);
    await sink({ type: 'start', step: 0, steps: 2, batchSize: 8 });
    for (const step of [1, 2]) {
      await sink({ type: 'step', step, seconds: 1 });
      await sink({
        type: 'metrics',
        step,
        seconds: 1,
        losses: { generator: step / 2 },
        statistics: {},
      });
    }
    expect(await readFile(path, 'utf8')).toBe(
      '{"step":1,"seconds":1,"losses":{"generator":0.5},"statistics":{}}\n' +
        '{"step":2,"seconds":1,"losses":{"generator":1},"statistics":{}}\n',
    );
  });

  it('draw samples as PNG, small ones enlarged', async () => {
    const data = Uint8Array.from({ length: 4 * 28 * 28 }, (_, i) => i % 256);
    await samplesSink(folder)({
      type: 'samples',
      step: 50,
      samples: { kind: 'pictures', data, shape: [4, 28, 28, 1] },
    });
    const png = sharp(join(folder, 'step-000050.png'));
    expect(await png.metadata()).toMatchObject({
      width: 114,
      height: 114,
      channels: 1,
      format: 'png',
    });
    // Greyscale goes through unchanged: each pixel is a 2×2 square.
    const pixels = await png.extractChannel(0).raw().toBuffer();
    expect([0, 2, 4].map((x) => pixels[x])).toEqual([0, 1, 2]);
    expect(pixels[58]).toBe(784 % 256);
  });

  it('write the summary at the end', async () => {
    const path = join(folder, 'summary.json');
    await summarySink(path)({
      type: 'end',
      step: 7,
      seconds: 2,
      imagesPerSecond: 28,
      reason: 'interrupted',
      losses: { generator: 1 },
    });
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      reason: 'interrupted',
      steps: 7,
      seconds: 2,
      imagesPerSecond: 28,
      losses: { generator: 1 },
    });
  });
});

it('writePng keeps the bytes of a color picture', async () => {
  const data = Uint8Array.of(255, 0, 10, 20, 30, 40);
  await writePng(join(folder, 'x.png'), { data, width: 2, height: 1, channels: 3 });
  expect([...(await sharp(join(folder, 'x.png')).raw().toBuffer())]).toEqual([...data]);
});

it('dropMetricsAfter drops later lines, and one that a kill cut off', async () => {
  const path = join(folder, 'metrics.jsonl');
  await dropMetricsAfter(path, 5);
  expect(await readdir(folder)).toEqual([]);
  const line = (step: number) => `{"step":${step},"losses":{"generator":0.1}}\n`;
  await writeFile(path, line(1) + line(5) + line(6) + '{"step":7,"lo');
  await dropMetricsAfter(path, 5);
  expect(await readFile(path, 'utf8')).toBe(line(1) + line(5));
  // A whole line that was only not ended may be a cut-off number.
  await writeFile(path, line(1) + '{"step":2}');
  await dropMetricsAfter(path, 5);
  expect(await readFile(path, 'utf8')).toBe(line(1));
});

describe('pictureWriter', () => {
  const pictures = { data: Uint8Array.of(0, 50, 100, 250), shape: [2, 1, 2, 1] as const };
  const encodeNpy = ({ data }: { data: Uint8Array }) => data;

  it('writes what the ending asks for', async () => {
    const write = async (name: string) =>
      (await pictureWriter(join(folder, name), { encodeNpy, grid: { gap: 0, columns: 1 } }))(
        pictures,
      );
    await write('a.npy');
    expect([...(await readFile(join(folder, 'a.npy')))]).toEqual([...pictures.data]);
    await write('a.PNG');
    const grid = await sharp(join(folder, 'a.PNG')).toColourspace('b-w').raw().toBuffer();
    expect([...grid]).toEqual([...pictures.data]);
    await write('all');
    const second = await sharp(join(folder, 'all', '000001.png'))
      .toColourspace('b-w')
      .raw()
      .toBuffer();
    expect([...second]).toEqual([100, 250]);
  });

  it('refuses an unknown ending and what is there, unless told to replace it', async () => {
    await expect(pictureWriter('a.gif', { encodeNpy })).rejects.toThrow(
      '--out must end in .npy or .png, or name a folder, got "a.gif"',
    );
    const out = join(folder, 'a.npy');
    await writeFile(out, 'mine');
    await expect(pictureWriter(out, { encodeNpy })).rejects.toThrow(
      'exists already; choose another',
    );
    await (
      await pictureWriter(out, { encodeNpy, force: true })
    )(pictures);
    expect(await readFile(out)).toHaveLength(4);
  });
});
