import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { captureOutput } from '@ganloom/test-tools';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from './program';
import { emoji } from './emoji';

let shared: string;
let photos: string;
let run: string;
let folder: string;
let said: string[];

beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), 'ganloom-sr-'));
  photos = join(shared, 'photos');
  run = join(shared, 'run');
  for (let i = 0; i < 3; i++) await picture(join(photos, `${i}.png`), 24, 30, i);
});
afterAll(() => rm(shared, { recursive: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(shared, 'test-'));
  said = captureOutput();
});
afterEach(() => vi.restoreAllMocks());

/** Writes waves of color in the format that the name's ending says. */
async function picture(path: string, height: number, width: number, seed = 0): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const pixels = Uint8Array.from({ length: height * width * 3 }, (_, i) => {
    const [y, x, c] = [Math.floor(i / 3 / width), Math.floor(i / 3) % width, i % 3];
    return 127 + 100 * Math.sin((y * (seed + 1)) / 3 + (x * (c + 1)) / 4);
  });
  await sharp(pixels, { raw: { height, width, channels: 3 } }).toFile(path);
}

const backend = ['--backend', 'cpu'];
// prettier-ignore
const small = [
  ...backend, '--scale', '2', '--patch', '16', '--batch', '2', '--blocks', '1', '--filters', '2',
  '--content-steps', '5', '--adversarial-steps', '2', '--discriminator-filters', '2',
  '--ema', '0.9', '--log-every', '1', '--sample-every', '4', '--checkpoint-every', '1',
];

const trainTo = (out: string, ...more: string[]) =>
  main(['train', '--dataset', `folder:${photos}`, '--out', out, ...small, ...more]);

const json = async (path: string) => JSON.parse(await readFile(path, 'utf8'));
const sizeOf = async (path: string) => {
  const { height, width } = await sharp(path).metadata();
  return { height, width };
};

describe('train', () => {
  it('goes through its phases and keeps the generator of each', async () => {
    expect(await trainTo(run)).toBe(0);
    expect((await readdir(run)).sort()).toEqual([
      'checkpoints',
      'config.json',
      expect.stringMatching(/^events\.out\.tfevents\./),
      'generator',
      'generator-content',
      'generator-content-fast',
      'metrics.jsonl',
      'report.html',
      'samples',
      'summary.json',
    ]);
    const lines = (await readFile(join(run, 'metrics.jsonl'), 'utf8')).trim().split('\n');
    const metrics = lines.map((line) => JSON.parse(line));
    expect(metrics.map(({ stage }) => stage)).toEqual([
      ...Array(4).fill('content-fast'),
      'content',
      ...Array(2).fill('adversarial'),
    ]);
    expect(Object.keys(metrics[0].losses)).toEqual(['generator/absolute-error']);
    expect(Object.keys(metrics[6].losses)).toEqual([
      'discriminator',
      'generator',
      'generator/absolute-error',
    ]);
    expect(await json(join(run, 'config.json'))).toMatchObject({
      app: 'super-resolution',
      settings: { scale: 2, patch: 16, contentSteps: 5, adversarialSteps: 2 },
      data: { image: { height: 16, width: 16, channels: 3 } },
    });
    // Input, enlargement and original, of 16 pixels each, for 12 pictures in 4 columns with gaps of 2.
    expect(await sizeOf(join(run, 'samples', 'step-000007.png'))).toEqual({
      height: 3 * 16 + 2 * 2,
      width: 4 * 48 + 3 * 2,
    });
  });

  it('comes to the same generator when interrupted and resumed', async () => {
    const out = join(folder, 'run');
    const weights = (path: string) => readFile(join(path, 'generator', 'weights.bin'));
    const training = trainTo(out);
    await vi.waitFor(
      async () => expect(await readdir(join(out, 'checkpoints'))).toContain('step-000001'),
      { timeout: 20_000, interval: 5 },
    );
    // Some steps of tenths of a second are left.
    process.emit('SIGINT', 'SIGINT');
    expect(await training).toBe(130);
    expect((await json(join(out, 'summary.json'))).steps).toBeLessThan(7);
    expect(await main(['train', '--out', out, '--resume', ...backend])).toBe(0);
    expect(await weights(out)).toEqual(await weights(run));
  });

  it("begins with another run's generator", async () => {
    const out = join(folder, 'run');
    const more = ['--from', run, '--content-steps', '0', '--adversarial-steps', '1'];
    // A rate that changes nothing but the last bits.
    const still = ['--adversarial-learning-rate', '1e-12', '--ema', '0'];
    expect(await trainTo(out, ...more, ...still)).toBe(0);
    const floats = async (path: string) =>
      new Float32Array(new Uint8Array(await readFile(path)).buffer);
    const [before, after] = await Promise.all([
      floats(join(run, 'generator-content', 'weights.bin')),
      floats(join(out, 'generator', 'weights.bin')),
    ]);
    expect(Math.max(...before.map((v, i) => Math.abs(v - after[i]!)))).toBeLessThan(1e-6);

    const wider = join(folder, 'wider');
    expect(await trainTo(wider, ...more, '--filters', '3')).toBe(2);
    expect(said.join('')).toContain('must be a run of the same network, blocks and filters');
  });

  it('has a data set that comes with it', async () => {
    const set = await emoji.pairs!(undefined, { scale: 4, patch: 96 }, 'emoji');
    expect(set.name).toBe('emoji');
    expect(set.size).toBeGreaterThan(3000);
    const { images, low } = await set.batch([5]);
    expect([images!.shape, low!.shape]).toEqual([
      [1, 96, 96, 3],
      [1, 24, 24, 3],
    ]);
    images!.dispose();
    low!.dispose();
  });

  it.each([
    [['--dataset', 'mnist'], 2, '--dataset must be folder:FOLDER or emoji, got "mnist"'],
    [['--scale', '9'], 2, '--scale must be an integer from 2 to 8, got "9"'],
    [['--patch', '15'], 2, 'patch must be a multiple of scale (=2), got 15'],
    [['--patch', '26'], 1, '0.png: is 24×30 pixels, smaller than a patch of 26×26'],
    [['--network', 'srresnet', '--scale', '3', '--patch', '18'], 2, 'scale must be 2, 4 or 8'],
  ])('refuses %s', async (more, code, message) => {
    const out = join(folder, 'run');
    expect(await trainTo(out, ...more)).toBe(code);
    expect(said.join('')).toContain(message);
  });
});

describe('evaluate', () => {
  it('compares with bicubic on any pictures, and names broken ones', async () => {
    const set = join(folder, 'set');
    await picture(join(set, 'a.png'), 21, 30);
    await picture(join(set, 'deep', 'b.png'), 24, 24, 1);
    await writeFile(join(set, 'c.png'), 'broken');
    expect(await main(['evaluate', '--run', run, '--set', set, ...backend])).toBe(1);
    const out = join(run, 'evaluation', 'set');
    const { mean, pictures, skipped } = await json(join(out, 'evaluate.json'));
    expect(Object.keys(mean)).toEqual(['bicubic', 'generator-content', 'generator']);
    expect(pictures.map(({ name }: { name: string }) => name)).toEqual(['a', 'deep/b']);
    expect(skipped).toEqual(['c.png']);
    // Four in a row, cut to multiples of 2.
    expect(await sizeOf(join(out, 'a.png'))).toEqual({ height: 20, width: 4 * 30 });
    expect(said.some((line) => /^mean +\d+\.\d\d \/ [01]\.\d{4}/.test(line))).toBe(true);
    expect(said.join('')).toContain('warning: skipped c.png: ');
  });

  it('takes pairs as they are', async () => {
    const set = join(folder, 'set');
    for (const [name, height] of [
      ['x_SRF_2_HR', 24],
      ['x_SRF_2_LR', 12],
      ['x_SRF_4_HR', 24],
      ['x_SRF_4_LR', 6],
    ] as const) {
      await picture(join(set, `${name}.png`), height, height);
    }
    const out = join(folder, 'out');
    expect(await main(['evaluate', '--run', run, '--set', set, '--out', out, ...backend])).toBe(0);
    expect((await readdir(out)).sort()).toEqual(['evaluate.json', 'x_SRF_2.png']);

    await rm(join(set, 'x_SRF_2_HR.png'));
    await rm(join(set, 'x_SRF_2_LR.png'));
    expect(await main(['evaluate', '--run', run, '--set', set, ...backend])).toBe(2);
    expect(said.at(-1)).toContain('must hold pictures for ×2, got only pairs for ×4');
  });

  it('says what is wrong with the run', async () => {
    const evaluate = (...more: string[]) =>
      main(['evaluate', '--set', photos, ...backend, ...more]);
    expect(await evaluate('--run', run, '--scale', '4')).toBe(2);
    expect(said.at(-1)).toContain('scale must be that of the run, ×2, got 4; train another for ×4');
    expect(await evaluate('--run', folder)).toBe(2);
    expect(said.at(-1)).toContain('must hold a run');
  });
});

describe('upscale', () => {
  const upscale = (from: string, to: string, ...more: string[]) =>
    main(['upscale', from, '--run', run, '--out', to, ...backend, ...more]);

  it.each(['png', 'jpg', 'webp', 'tif'])('enlarges a picture to .%s', async (ending) => {
    const from = join(folder, 'in.jpg');
    const to = join(folder, `out.${ending}`);
    await picture(from, 9, 14);
    expect(await upscale(from, to, '--tile', '4', '--scale', '2')).toBe(0);
    expect(await sizeOf(to)).toEqual({ height: 18, width: 28 });
    expect((await readdir(folder)).sort()).toEqual(['in.jpg', `out.${ending}`]);
  });

  it('makes of tiles what the whole gives', async () => {
    const from = join(folder, 'in.png');
    await picture(from, 13, 19);
    expect(await upscale(from, join(folder, 'whole.png'))).toBe(0);
    expect(await upscale(from, join(folder, 'tiles.png'), '--tile', '5')).toBe(0);
    const bytes = (name: string) => sharp(join(folder, name)).raw().toBuffer();
    const [whole, tiles] = await Promise.all([bytes('whole.png'), bytes('tiles.png')]);
    const differences = whole.map((v, i) => Math.abs(v - tiles[i]!));
    expect(Math.max(...differences)).toBeLessThanOrEqual(1);
    // A different generator for the other phase.
    expect(await upscale(from, join(folder, 'content.png'), '--phase', 'content')).toBe(0);
    expect(await bytes('content.png')).not.toEqual(whole);
  });

  it('enlarges a folder, passing over what is broken', async () => {
    const from = join(folder, 'in');
    await picture(join(from, 'a.png'), 4, 4);
    await picture(join(from, 'deep', 'b.jpg'), 4, 6);
    await writeFile(join(from, 'c.webp'), 'broken');
    const out = join(folder, 'out');
    expect(await upscale(from, out)).toBe(1);
    expect(await sizeOf(join(out, 'a.png'))).toEqual({ height: 8, width: 8 });
    expect(await sizeOf(join(out, 'deep', 'b.png'))).toEqual({ height: 8, width: 12 });
    expect(said.join('\n')).toMatch(/skipped .*c\.webp: .*cannot be decoded/);
    expect(said.at(-1)).toContain('1 of 3 pictures were skipped');
  });

  it('overwrites no input ever, and nothing else unless forced', async () => {
    const from = join(folder, 'in.png');
    await picture(from, 4, 4);
    const before = await readFile(from);
    for (const more of [[], ['--force']]) {
      expect(await upscale(from, join(folder, '.', 'in.png'), ...more)).toBe(2);
      expect(said.at(-1)).toContain('--out must not overwrite the input');
      expect(await upscale(folder, folder, ...more)).toBe(2);
      expect(said.at(-1)).toContain('--out must not overwrite the input');
    }
    expect(await readFile(from)).toEqual(before);
    const to = join(folder, 'out.png');
    await writeFile(to, 'mine');
    expect(await upscale(from, to)).toBe(2);
    expect(said.at(-1)).toContain(
      'out.png exists already; choose another, or replace it with --force',
    );
    expect(await upscale(from, to, '--force')).toBe(0);
  });

  it('says what else does not fit', async () => {
    const from = join(folder, 'in.png');
    await picture(from, 4, 4);
    const cases: [string, string, string[], number, string][] = [
      [from, 'out.bmp', [], 2, '--out must end in one of .png, .jpg'],
      [from, 'out.png', ['--scale', '4'], 2, 'scale must be that of the run, ×2, got 4'],
      [join(folder, 'none.png'), 'out.png', [], 2, 'cannot read '],
      [folder, 'out.png', [], 2, '--out must name a folder when a folder is enlarged'],
      [join(run, 'config.json'), 'out.png', [], 1, 'config.json cannot be decoded: '],
      [
        run.replace(/run$/, 'photos/..'),
        'out',
        ['--tile', '0'],
        2,
        '--tile must be a positive integer',
      ],
    ];
    for (const [input, out, more, code, message] of cases) {
      expect([await upscale(input, join(folder, out), ...more), message]).toEqual([code, message]);
      expect(said.at(-1)).toContain(message);
    }
    await picture(join(folder, 'in.jpg'), 4, 4);
    await mkdir(join(folder, 'two'));
    await picture(join(folder, 'two', 'a.png'), 4, 4);
    await picture(join(folder, 'two', 'a.jpg'), 4, 4);
    expect(await upscale(join(folder, 'two'), join(folder, 'out'))).toBe(2);
    expect(said.at(-1)).toMatch(/a\.jpg and a\.png would both become .*a\.png; rename one/);
  });
});
