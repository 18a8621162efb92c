import { runRecipe, writePng } from '@ganloom/cli';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cures } from '@ganloom/recipes';
import { decodeNpy } from '@ganloom/storage';
import { captureOutput } from '@ganloom/test-tools';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recipe } from './recipe';

const main = (argv: readonly string[]) => runRecipe(recipe, argv);

const usage = 2;
let folder: string;
let said: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-cgan-'));
  said = captureOutput();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const words = (...values: number[]) =>
  Buffer.concat(values.map((v) => Buffer.from([0, 0, v >> 8, v & 255])));

/** Three classes of 8×8 pictures, whose tones differ, as IDX files with a train and a test part. */
async function tinySet(count = 24): Promise<string> {
  const path = join(folder, 'set');
  await mkdir(path, { recursive: true });
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 3);
  const pixels = Uint8Array.from({ length: count * 64 }, (_, i) => {
    const example = Math.floor(i / 64);
    return 100 * labels[example]! + ((i * 37 + example) % 50);
  });
  for (const split of ['train', 't10k']) {
    await writeFile(
      join(path, `${split}-images-idx3-ubyte`),
      Buffer.concat([Buffer.from([0, 0, 8, 3]), words(count, 8, 8), pixels]),
    );
    await writeFile(
      join(path, `${split}-labels-idx1-ubyte`),
      Buffer.concat([Buffer.from([0, 0, 8, 1]), words(count), labels]),
    );
  }
  return `idx:${path}`;
}

/** Pictures in a sub-folder for each class, or in no sub-folder. */
async function tinyFolder(classes: readonly string[]): Promise<string> {
  const path = join(folder, 'pictures');
  for (const [label, name] of classes.entries()) {
    for (let i = 0; i < 6; i++) {
      const data = new Uint8Array(64 * 3).fill(60 * label + 5 * i);
      const file = join(path, name, `${label}-${i}.png`);
      await writePng(file, { data, width: 8, height: 8, channels: 3 });
    }
  }
  return `folder:${path}`;
}

const wasm = ['--backend', 'wasm', '--threads', '1'];
const small = [
  ...['--backend', 'cpu', '--filters', '4', '--latent', '8', '--steps', '2', '--batch', '6'],
  ...['--ema', '0.9'],
];

async function trainTiny(...more: string[]): Promise<string> {
  const out = join(folder, 'run');
  const dataset = more.includes('--dataset') ? [] : ['--dataset', await tinySet()];
  expect(await main(['train', '--out', out, ...dataset, ...small, ...more])).toBe(0);
  return out;
}

const at = (name: string) => join(folder, name);
const npyOf = async (name: string) => decodeNpy(await readFile(at(name)));
const jsonOf = async (...names: string[]) => JSON.parse(await readFile(join(...names), 'utf8'));

const generate = (run: string, out: string, ...more: string[]) =>
  main(['generate', '--run', run, '--backend', 'cpu', '--out', at(out), ...more]);

describe('train', () => {
  it.each(['concatenation', 'projection', 'auxiliary-classifier'])('%s', async (conditioning) => {
    const out = await trainTiny('--conditioning', conditioning, '--log-every', '1');
    expect((await readdir(out)).sort()).toEqual([
      'checkpoints',
      'config.json',
      expect.stringMatching(/^events\.out\.tfevents\./),
      'generator',
      'metrics.jsonl',
      'report.html',
      'samples',
      'summary.json',
    ]);
    expect(await jsonOf(out, 'config.json')).toMatchObject({
      app: 'cgan',
      settings: { conditioning, seed: 0, steps: 2, filters: 4 },
      data: { size: 24, classNames: ['0', '1', '2'] },
    });
    const { losses } = await jsonOf(out, 'summary.json');
    const terms = ['discriminator/real-class', 'generator/class'];
    expect(Object.keys(losses)).toEqual(expect.arrayContaining(['discriminator', 'generator']));
    for (const term of terms) expect(term in losses).toBe(conditioning === 'auxiliary-classifier');
  });

  it.each(Object.keys(cures))('cures by %s', async (cure) => {
    const out = await trainTiny('--cure', cure, '--batch', '8', ...wasm);
    expect((await jsonOf(out, 'config.json')).settings.cure).toBe(cure);
  });

  it('goes on with a run to the same bits', async () => {
    const weights = async (run: string) => readFile(join(run, 'generator', 'weights.bin'));
    const whole = await weights(await trainTiny('--steps', '6', '--checkpoint-every', '2'));
    const run = at('run');
    await rm(join(run, 'checkpoints', 'step-000006'), { recursive: true });
    expect(await main(['train', '--out', run, '--resume'])).toBe(0);
    expect(said.join('')).toContain('going on after step 4');
    expect(await weights(run)).toEqual(whole);
  });

  it('takes a folder with a sub-folder for each class', async () => {
    const dataset = await tinyFolder(['cats', 'dogs']);
    const run = await trainTiny('--dataset', dataset, '--size', '8', '--grey');
    expect(await jsonOf(run, 'config.json')).toMatchObject({
      data: { size: 12, image: { height: 8, width: 8, channels: 1 }, classNames: ['cats', 'dogs'] },
    });
    expect(await generate(run, 'dogs.npy', '--label', 'DOGS', '--count', '3')).toBe(0);
    expect([...(await npyOf('dogs.labels.npy')).data]).toEqual([1, 1, 1]);
    expect(await generate(run, 'one.npy', '--label', '1', '--count', '3')).toBe(0);
    expect(await npyOf('one.npy')).toEqual(await npyOf('dogs.npy'));
  });
});

describe('generate', () => {
  it('draws a class, or all in turn, from a run that was moved', async () => {
    const run = at('elsewhere');
    await rename(await trainTiny(), run);
    expect(await generate(run, 'a.npy', '--label', '2', '--count', '7', '--batch', '3')).toBe(0);
    const { shape, data } = await npyOf('a.npy');
    expect(shape).toEqual([7, 8, 8, 1]);
    expect(data).toBeInstanceOf(Uint8Array);
    const labels = await npyOf('a.labels.npy');
    expect(labels).toEqual({ shape: [7], data: new Int32Array(7).fill(2) });

    // The same latents whatever the batch; other ones for another seed; other pictures of a class.
    for (const [name, more, same] of [
      ['b', ['--label', '2', '--batch', '7'], true],
      ['c', ['--label', '2', '--seed', '1'], false],
      ['d', ['--label', '1'], false],
    ] as const) {
      expect(await generate(run, `${name}.npy`, '--count', '7', ...more)).toBe(0);
      const equal = Buffer.from(data).equals(Buffer.from((await npyOf(`${name}.npy`)).data));
      expect(equal, name).toBe(same);
    }
    expect(await generate(run, 'turn.npy', '--count', '5')).toBe(0);
    expect([...(await npyOf('turn.labels.npy')).data]).toEqual([0, 0, 1, 1, 2]);

    expect(await generate(run, 'grid.png', '--label', '0', '--count', '4')).toBe(0);
    expect((await readFile(at('grid.png'))).subarray(1, 4).toString()).toBe('PNG');
    expect(await generate(run, 'pictures', '--label', '0', '--count', '2')).toBe(0);
    expect((await readdir(at('pictures'))).sort()).toEqual([
      '000000.png',
      '000001.png',
      'labels.npy',
    ]);
  });

  it('draws rows of the same latents for every class, and from one latent to another', async () => {
    const run = await trainTiny();
    const pictures = async (name: string) => {
      const { shape, data } = await npyOf(name);
      expect(shape.slice(1)).toEqual([8, 8, 1]);
      return Array.from({ length: shape[0]! }, (_, i) => [...data.subarray(64 * i, 64 * (i + 1))]);
    };
    expect(await generate(run, 'all.npy', '--all', '--count', '4')).toBe(0);
    expect([...(await npyOf('all.labels.npy')).data]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    const all = await pictures('all.npy');
    expect(await generate(run, 'one.npy', '--label', '1', '--count', '4')).toBe(0);
    expect(await pictures('one.npy')).toEqual(all.slice(4, 8));
    expect(await generate(run, 'all.png', '--all')).toBe(0);

    expect(await generate(run, 'walk.npy', '--interpolate', '--count', '5')).toBe(0);
    const walk = await pictures('walk.npy');
    expect(walk).toHaveLength(15);
    expect(await generate(run, 'walk1.npy', '--interpolate', '--label', '1', '--count', '5')).toBe(
      0,
    );
    expect(await pictures('walk1.npy')).toEqual(walk.slice(5, 10));
    // It begins and ends where the same seed's first two pictures are.
    expect(await generate(run, 'ends.npy', '--label', '1', '--count', '2')).toBe(0);
    const [first, last] = await pictures('ends.npy');
    expect([walk[5], walk[9]]).toEqual([first, last]);
  });

  it('replaces nothing unasked', async () => {
    const run = await trainTiny();
    await writeFile(at('a.labels.npy'), 'mine');
    expect(await generate(run, 'a.npy', '--count', '3')).toBe(usage);
    expect(said.at(-1)).toContain('a.labels.npy exists already; choose another');
    expect(await readFile(at('a.labels.npy'), 'utf8')).toBe('mine');
    expect(await readdir(folder)).not.toContain('a.npy');
    expect(await generate(run, 'a.npy', '--count', '3', '--force')).toBe(0);
    expect((await npyOf('a.labels.npy')).shape).toEqual([3]);
  });
});

describe('evaluate', () => {
  it('counts what a classifier of the real pictures recognizes, and keeps the classifier', async () => {
    const run = await trainTiny();
    const evaluate = (...more: string[]) =>
      main(['evaluate', '--run', run, '--threads', '1', '--cache', at('cache'), ...more]);
    expect(await evaluate('--count', '30')).toBe(0);
    const report = await jsonOf(run, 'evaluate.json');
    expect(report).toMatchObject({ count: 30, seed: 0, classifier: { testSize: 24 } });
    const { confusion, recognized, perClass } = report as {
      confusion: number[][];
      recognized: number;
      perClass: Record<string, number>;
    };
    expect(confusion.map((row) => row.reduce((sum, n) => sum + n, 0))).toEqual([10, 10, 10]);
    const right = confusion.map((row, label) => row[label]!);
    expect(Object.entries(perClass)).toEqual(right.map((n, label) => [String(label), n / 10]));
    expect(recognized).toBeCloseTo(right.reduce((sum, n) => sum + n, 0) / 30);
    expect(report.frechetDistance).toBeGreaterThan(0);
    expect(said.join('\n')).toMatch(/classifier: [\d.]+ % of 24 real pictures right/);
    expect(said.join('\n')).toMatch(/generated: {2}[\d.]+ % of 30 pictures recognized as asked/);
    const [kept] = await readdir(at('cache'));
    expect((await readdir(at(`cache/${kept}`))).sort()).toEqual([
      'classifier.json',
      'model.json',
      'weights.bin',
    ]);

    said.length = 0;
    expect(await evaluate('--count', '30')).toBe(0);
    expect(said.join('')).not.toContain('training a classifier');
    expect(await jsonOf(run, 'evaluate.json')).toEqual(report);

    // A damaged one is made anew.
    await writeFile(at(`cache/${kept}/weights.bin`), 'short');
    expect(await evaluate('--count', '30')).toBe(0);
    expect(said.join('')).toContain('warning: training the classifier anew: loadModel');
    expect(await jsonOf(run, 'evaluate.json')).toEqual(report);

    expect(await evaluate('--count', '2')).toBe(usage);
    expect(said.at(-1)).toContain('count must be at least the 3 classes, got 2');
  });

  it('tests on every tenth picture of a folder, wherever that is now', async () => {
    const dataset = await tinyFolder(['cats', 'dogs']);
    const run = await trainTiny('--dataset', dataset, '--size', '8');
    await rename(at('pictures'), at('moved'));
    const argv = ['evaluate', '--run', run, '--threads', '1', '--cache', at('cache')];
    expect(await main([...argv, '--count', '10'])).not.toBe(0);
    expect(await main([...argv, '--count', '10', '--dataset', `folder:${at('moved')}`])).toBe(0);
    const { classifier, perClass } = await jsonOf(run, 'evaluate.json');
    expect(classifier.testSize).toBe(2);
    expect(Object.keys(perClass)).toEqual(['cats', 'dogs']);
    await rename(at('moved/dogs'), at('moved/wolves'));
    expect(await main([...argv, '--dataset', `folder:${at('moved')}`])).toBe(usage);
    expect(said.at(-1)).toContain('has the classes cats, wolves, but the run those of cats, dogs');
  });
});

describe('bad input', () => {
  it('an unknown class is answered by the names of those there are', async () => {
    const run = await trainTiny();
    for (const wrong of ['7', '-1', 'cat', '1.0', '']) {
      expect(await generate(run, 'a.npy', '--label', wrong)).toBe(usage);
      expect(said.at(-1)).toContain(`error: label must be one of 0, 1, 2; got "${wrong}"`);
    }
    expect(await generate(run, 'a.npy', '--label', '1', '--all')).toBe(usage);
    expect(said.at(-1)).toContain('all draws every class and label one');
    expect(await generate(run, 'a.jpg')).toBe(usage);
    expect(said.at(-1)).toContain('--out must end in .npy or .png, or name a folder');
    expect(await readdir(folder)).not.toContain('a.npy');
  });

  it('pictures without classes, or of one', async () => {
    const plain = await tinyFolder(['']);
    const argv = ['train', '--out', at('run'), ...small, '--size', '8', '--dataset', plain];
    expect(await main(argv)).toBe(usage);
    expect(said.at(-1)).toContain(
      `error: the data set ${plain.slice('folder:'.length)} has no classes; give each example a label, or put the pictures of each class into a sub-folder`,
    );
    expect(await readdir(at('run'))).toEqual([]);
    await rm(at('pictures'), { recursive: true });
    await tinyFolder(['cats']);
    expect(await main(argv)).toBe(usage);
    expect(said.at(-1)).toContain(
      'conditionalGame: classes must be an integer of at least 2, got 1',
    );
  });

  it('labels that are missing from a data set', async () => {
    const dataset = await tinySet();
    await rm(at('set/train-labels-idx1-ubyte'));
    expect(await main(['train', '--out', at('run'), ...small, '--dataset', dataset])).toBe(1);
    expect(said.at(-1)).toContain('needs train-labels-idx1-ubyte');
  });

  it('a folder that holds no run, or one of another program', async () => {
    expect(await generate(folder, 'a.npy')).toBe(usage);
    expect(said.at(-1)).toContain('must hold a run, but its config.json');
    await writeFile(at('config.json'), '{"app":"dcgan"}');
    expect(await generate(folder, 'a.npy')).toBe(usage);
    expect(said.at(-1)).toContain('must be a run of cgan, but is one of dcgan');
    await writeFile(at('config.json'), '{"app":"cgan","settings":{},"data":{"size":1}}');
    expect(await main(['evaluate', '--run', folder, '--threads', '1'])).toBe(1);
    expect(said.at(-1)).toContain('model.json is not there');
  });

  it('flags that do not exist', async () => {
    expect(await main(['train', '--out', at('run'), '--conditioning', 'best'])).toBe(usage);
    expect(said.join('')).toContain(
      'Allowed choices are concatenation, projection, auxiliary-classifier.',
    );
    expect(await main(['generate', '--run', folder])).toBe(usage);
    expect(said.join('')).toContain("required option '--out <path>' not specified");
    expect(await main(['paint'])).toBe(usage);
    expect(await main(['--help'])).toBe(0);
  });
});
