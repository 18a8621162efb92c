import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runRecipe } from '@ganloom/cli';
import { cures, objectives } from '@ganloom/recipes';
import { decodeNpy } from '@ganloom/storage';
import { captureOutput } from '@ganloom/test-tools';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recipe } from './recipe';

const main = (argv: readonly string[]) => runRecipe(recipe, argv);

let folder: string;
let said: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-dcgan-'));
  said = captureOutput();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** Writes `count` square pictures as an IDX data set and returns its name for `--dataset`. */
async function tinySet(count = 16, side = 8): Promise<string> {
  const path = join(folder, 'set');
  await mkdir(path, { recursive: true });
  const words = (...values: number[]) =>
    Buffer.concat(values.map((v) => Buffer.from([0, 0, v >> 8, v & 255])));
  const pixels = Buffer.from(
    Uint8Array.from({ length: count * side ** 2 }, (_, i) => (i * 37) % 256),
  );
  await writeFile(
    join(path, 'train-images-idx3-ubyte'),
    Buffer.concat([Buffer.from([0, 0, 8, 3]), words(count, side, side), pixels]),
  );
  await writeFile(
    join(path, 'train-labels-idx1-ubyte'),
    Buffer.concat([Buffer.from([0, 0, 8, 1]), words(count), Buffer.alloc(count)]),
  );
  return `idx:${path}`;
}

const small = [
  '--backend',
  'cpu',
  '--filters',
  '4',
  '--latent',
  '8',
  '--steps',
  '2',
  '--batch',
  '4',
  '--ema',
  '0.9',
];

async function trainTiny(...more: string[]): Promise<string> {
  const out = join(folder, 'run');
  expect(await main(['train', '--dataset', await tinySet(), '--out', out, ...small, ...more])).toBe(
    0,
  );
  return out;
}

describe('train', () => {
  it.each(Object.keys(objectives))('plays for %s', async (loss) => {
    const out = await trainTiny('--loss', loss, '--log-every', '1');
    const lines = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trim().split('\n');
    const { losses } = JSON.parse(lines.at(-1)!) as { losses: Record<string, number> };
    const { terms = [] } = objectives[loss]!();
    const names = terms.map(({ player, name }) => `${player}/${name}`);
    expect(Object.keys(losses).sort()).toEqual(['discriminator', 'generator', ...names].sort());
  });

  it.each(Object.keys(cures))('cures by %s', async (cure) => {
    const out = await trainTiny('--cure', cure, '--backend', 'wasm', '--threads', '1');
    const config = JSON.parse(await readFile(join(out, 'config.json'), 'utf8'));
    expect(config.settings.cure).toBe(cure);
  });

  it('makes a run folder', async () => {
    const out = await trainTiny('--log-every', '1', '--sample-every', '1', '--seed', '3');
    expect((await readdir(out)).sort()).toEqual([
      'checkpoints',
      'config.json',
      expect.stringMatching(/^events\.out\.tfevents\.\d{10}\.0$/),
      'generator',
      'metrics.jsonl',
      'report.html',
      'samples',
      'summary.json',
    ]);
    expect((await readdir(join(out, 'samples'))).sort()).toEqual([
      'step-000001.png',
      'step-000002.png',
      'strip.webp',
    ]);
    const json = async (name: string) => JSON.parse(await readFile(join(out, name), 'utf8'));
    expect(await json('config.json')).toMatchObject({
      app: 'dcgan',
      settings: { seed: 3, steps: 2, filters: 4, loss: 'non-saturating', learningRate: 2e-3 },
      data: { size: 16, image: { height: 8, width: 8, channels: 1 } },
      backend: { name: 'cpu' },
    });
    expect(await json('summary.json')).toMatchObject({ reason: 'steps', steps: 2 });
    const lines = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).step)).toEqual([1, 2]);
  });

  it('makes the same generator for the same seed', async () => {
    const weights = async (run: string) => readFile(join(run, 'generator', 'weights.bin'));
    const first = await weights(await trainTiny());
    await rm(join(folder, 'run'), { recursive: true });
    expect(await weights(await trainTiny())).toEqual(first);
    await rm(join(folder, 'run'), { recursive: true });
    expect(await weights(await trainTiny('--seed', '1'))).not.toEqual(first);
  });

  describe('ends early', () => {
    const json = async (out: string, name: string) =>
      JSON.parse(await readFile(join(out, name), 'utf8'));
    const wasm = ['--backend', 'wasm', '--threads', '1'];

    it('when its time is over, and goes on when it has more', async () => {
      const out = await trainTiny('--stop-after', '1e-6', ...wasm);
      expect(await json(out, 'summary.json')).toMatchObject({
        reason: 'stopped',
        steps: 1,
        stopped: { rule: 'time', because: expect.stringContaining('seconds of training are over') },
      });
      expect(said.join('')).toContain('ended early: ');
      expect(await json(out, 'config.json')).not.toHaveProperty('settings.stopAfter');
      expect(await main(['train', '--out', out, '--resume', '--stop-after', '60'])).toBe(0);
      expect(await json(out, 'summary.json')).toMatchObject({ reason: 'steps', steps: 2 });
    });

    it('when samples do not become more like the data, at the same step after a resumption', async () => {
      // So long steps ruin the generator at once.
      const settings = ['--steps', '40', '--sample-every', '2', '--patience', '2'];
      const out = await trainTiny(...settings, ...wasm, '--learning-rate', '3', '--ema', '0');
      const first = await json(out, 'summary.json');
      expect(first).toMatchObject({ reason: 'stopped', stopped: { rule: 'no improvement' } });
      expect(first.steps).toBeLessThan(40);
      const rows = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trim().split('\n');
      const distances = rows.flatMap((row) => JSON.parse(row).statistics.pixelDistance ?? []);
      expect(distances).toHaveLength(first.steps / 2);
      const best = Math.min(...distances);
      expect(distances.indexOf(best)).toBe(distances.length - 3);
      expect(first.stopped.because).toContain(`"pixelDistance" was not smaller than the ${best}`);
      expect(await main(['train', '--out', out, '--resume'])).toBe(0);
      expect((await json(out, 'summary.json')).steps).toBe(first.steps);
    });

    it('keeps the best generator, too', async () => {
      // Long steps: the last is worse than the first.
      const settings = ['--steps', '6', '--sample-every', '1', '--checkpoint-every', '1'];
      const out = await trainTiny(...settings, '--patience', '6', '--learning-rate', '3');
      const rows = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trim().split('\n');
      const distances = rows.map((row) => JSON.parse(row).statistics.pixelDistance);
      const best = distances.indexOf(Math.min(...distances)) + 1;
      expect(best).toBeLessThan(6);
      expect(said.join('')).toContain(`generator-best of step ${best} (pixelDistance `);
      const pictures = async (...more: string[]) => {
        const file = join(folder, 'pictures.npy');
        const flags = ['--force', '--out', file, '--count', '4', '--backend', 'cpu', ...more];
        expect(await main(['generate', '--run', out, ...flags])).toBe(0);
        return readFile(file);
      };
      const ofBest = await pictures('--best');
      expect(ofBest.equals(await pictures())).toBe(false);
      // The same as a run that ends there.
      await rm(out, { recursive: true });
      await trainTiny('--steps', String(best), '--learning-rate', '3');
      expect(ofBest.equals(await pictures())).toBe(true);
    });
  });

  it('saves everything when interrupted, and exits with 130', async () => {
    const out = join(folder, 'run');
    const training = main([
      'train',
      '--dataset',
      await tinySet(),
      '--out',
      out,
      ...small,
      '--steps',
      '100000',
    ]);
    await vi.waitFor(async () => expect(await readdir(out)).toContain('metrics.jsonl'), 20_000);
    process.emit('SIGINT', 'SIGINT');
    expect(await training).toBe(130);
    expect(JSON.parse(await readFile(join(out, 'summary.json'), 'utf8'))).toMatchObject({
      reason: 'interrupted',
    });
    expect((await readdir(join(out, 'generator'))).sort()).toEqual(['model.json', 'weights.bin']);
    expect(said.join('')).toContain('interrupted: finishing the step and saving');
  });
});

describe('report', () => {
  it('is made anew from the folder, and is what the run wrote itself', async () => {
    const out = await trainTiny('--sample-every', '1');
    const path = join(out, 'report.html');
    const written = await readFile(path, 'utf8');
    await rm(path);
    expect(await main(['report', '--run', out])).toBe(0);
    // Only the run itself knows how many steps were planned.
    expect(await readFile(path, 'utf8')).toBe(written.replace(' step 2 of 2<', ' step 2<'));
    expect(await main(['report', '--run', folder])).toBe(2);
    expect(said.at(-1)).toContain('must hold a run');
  });
});

describe('--serve', () => {
  it('shows the run while it lasts, and refuses a port that is taken', async () => {
    const port = await takenPort();
    const argv = ['train', '--dataset', await tinySet(), '--out', join(folder, 'run'), ...small];
    expect(await main([...argv, '--serve', String(port.number)])).toBe(2);
    expect(said.join('')).toContain(`error: liveView: the port ${port.number} must be free, but `);
    await port.free();
    const training = main([...argv, '--serve', String(port.number), '--steps', '100000']);
    const page = () => fetch(`http://127.0.0.1:${port.number}/`).then((answer) => answer.text());
    await vi.waitFor(async () => expect(await page()).toContain('100,000'), 20_000);
    process.emit('SIGINT', 'SIGINT');
    expect(await training).toBe(130);
    await expect(page()).rejects.toThrow('fetch failed');
    const config = await readFile(join(folder, 'run', 'config.json'), 'utf8');
    expect(config).not.toContain('serve');
  });

  async function takenPort() {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const free = () => new Promise((resolve) => server.close(resolve));
    return { number: (server.address() as AddressInfo).port, free };
  }
});

describe('generate', () => {
  it('writes .npy, .png and folders, from a run that was moved', async () => {
    const run = join(folder, 'elsewhere');
    await rename(await trainTiny(), run);
    const generate = (out: string, ...more: string[]) =>
      main(['generate', '--run', run, '--backend', 'cpu', '--out', join(folder, out), ...more]);

    expect(await generate('a.npy', '--count', '10', '--batch', '4')).toBe(0);
    const npy = decodeNpy(await readFile(join(folder, 'a.npy')));
    expect(npy.shape).toEqual([10, 8, 8, 1]);
    expect(npy.data).toBeInstanceOf(Uint8Array);
    expect(new Set(npy.data).size).toBeGreaterThan(1);

    // The same pictures whatever the batch, others for another seed.
    expect(await generate('b.npy', '--count', '10', '--batch', '10')).toBe(0);
    expect(await readFile(join(folder, 'b.npy'))).toEqual(await readFile(join(folder, 'a.npy')));
    expect(await generate('c.npy', '--count', '10', '--seed', '1')).toBe(0);
    expect(await readFile(join(folder, 'c.npy'))).not.toEqual(
      await readFile(join(folder, 'a.npy')),
    );

    expect(await generate('grid.png', '--count', '4')).toBe(0);
    expect((await readFile(join(folder, 'grid.png'))).subarray(1, 4).toString()).toBe('PNG');
    expect(await generate('pictures', '--count', '2')).toBe(0);
    expect((await readdir(join(folder, 'pictures'))).sort()).toEqual(['000000.png', '000001.png']);

    expect(await generate('a.npy', '--count', '3')).toBe(2);
    expect(said.at(-1)).toContain(
      'a.npy exists already; choose another, or replace it with --force',
    );
    expect(decodeNpy(await readFile(join(folder, 'a.npy'))).shape[0]).toBe(10);
    expect(await generate('a.npy', '--count', '3', '--force')).toBe(0);
    expect(decodeNpy(await readFile(join(folder, 'a.npy'))).shape[0]).toBe(3);
  });

  it('says what is wrong with a run or an output', async () => {
    const generate = (...more: string[]) =>
      main(['generate', '--backend', 'cpu', '--run', folder, ...more]);
    expect(await generate('--out', join(folder, 'a.npy'))).toBe(2);
    expect(said.at(-1)).toContain('must hold a run, but its config.json cannot be read');
    await writeFile(join(folder, 'config.json'), '{"app":"dcgan","settings":{},"data":{"size":1}}');
    expect(await generate('--out', join(folder, 'a.npy'))).toBe(1);
    expect(said.at(-1)).toMatch(
      /^error: loadModel: cannot load the network in .*generator: model.json is not there/,
    );
    expect(await generate('--out', join(folder, 'a.jpg'))).toBe(2);
    expect(said.at(-1)).toContain('--out must end in .npy or .png, or name a folder, got ');
    await writeFile(join(folder, 'mine.png'), '');
    expect(await generate('--out', folder)).toBe(2);
    expect(said.at(-1)).toContain(`--out ${folder} exists already`);
  });
});

describe('bad input', () => {
  const usage = 2;
  const cases: [string, string[], number, string][] = [
    [
      'unknown flag',
      ['--stpes', '5'],
      usage,
      "error: unknown option '--stpes'\n(Did you mean --steps?)",
    ],
    [
      'unknown backend',
      ['--backend', 'cuda'],
      usage,
      'Allowed choices are wasm, webgpu, webgl, node, node-gpu, cpu.',
    ],
    [
      'unknown loss',
      ['--loss', 'best'],
      usage,
      'Allowed choices are non-saturating, minimax, hinge, least-squares,',
    ],
    [
      'unknown data set',
      ['--dataset', 'cifar'],
      usage,
      'error: --dataset must be mnist, fashion-mnist[:FOLDER], idx:FOLDER or folder:FOLDER, got "cifar"',
    ],
    ['fraction', ['--steps', '1.5'], usage, 'error: --steps must be a positive integer, got "1.5"'],
    ['word', ['--batch', 'many'], usage, 'error: --batch must be a positive integer, got "many"'],
    [
      'out of range',
      ['--ema', '1'],
      usage,
      'error: --ema must be a number of at least 0 and below 1, got "1"',
    ],
    ['surplus word', ['mnist'], usage, 'error: too many arguments'],
    [
      'batch larger than the data',
      ['--batch', '17'],
      usage,
      'error: train: the batch size must be at most the 16 examples of the data, got 17; use a smaller batch or more data',
    ],
  ];

  it.each(cases)('%s', async (_, more, code, message) => {
    const out = join(folder, 'run');
    const argv = ['train', '--dataset', await tinySet(), '--out', out, ...small, ...more];
    expect(await main(argv)).toBe(code);
    expect(said.join('')).toContain(message);
    // So that the mended command needs no other --out.
    expect(await readdir(out).catch(() => [])).toEqual([]);
  });

  it('no --out, no command, unknown command', async () => {
    expect(await main(['train'])).toBe(usage);
    expect(said.join('')).toContain("error: required option '--out <folder>' not specified");
    expect(await main([])).toBe(usage);
    expect(await main(['paint'])).toBe(usage);
    expect(said.join('')).toContain("error: unknown command 'paint'");
    expect(await main(['--help'])).toBe(0);
  });

  it('an --out in use is refused before the data are looked at, and left as it is', async () => {
    const out = join(folder, 'run');
    await mkdir(out);
    await writeFile(join(out, 'notes.txt'), 'mine');
    expect(await main(['train', '--dataset', 'idx:/nowhere', '--out', out])).toBe(usage);
    expect(said.join('')).toBe(
      `error: a new run needs a new or empty place, but ${out} is not empty; choose another, or resume the run in it\n`,
    );
    expect(await readdir(out)).toEqual(['notes.txt']);
  });

  it('an --out that cannot be written', async () => {
    expect(await main(['train', '--dataset', 'idx:/nowhere', '--out', '/proc/ganloom'])).toBe(1);
    expect(said.join('')).toContain(
      'error: /proc/ganloom/run.lock must be written before training begins, but: ',
    );
  });

  it('a truncated data file', async () => {
    const name = await tinySet();
    const file = join(name.slice(4), 'train-images-idx3-ubyte');
    await writeFile(file, (await readFile(file)).subarray(0, 500));
    expect(await main(['train', '--dataset', name, '--out', join(folder, 'run'), ...small])).toBe(
      1,
    );
    expect(said.at(-1)).toContain(
      'set train images: dimensions [16,8,8] need 1024 bytes after the header, got 484',
    );
  });

  it('pictures too small for the architecture', async () => {
    const argv = ['train', '--dataset', await tinySet(16, 3), '--out', join(folder, 'run')];
    expect(await main([...argv, ...small])).toBe(usage);
    expect(said.at(-1)).toMatch(/^error: dcgan: .*got 3/);
  });

  it('a folder without data', async () => {
    expect(
      await main(['train', '--dataset', 'idx:/nowhere', '--out', join(folder, 'run'), ...small]),
    ).toBe(1);
    expect(said.at(-1)).toMatch(
      /^error: idxFolder \/nowhere: the folder must be readable, got "ENOENT/,
    );
  });
});
