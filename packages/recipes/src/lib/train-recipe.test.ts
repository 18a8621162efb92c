import { type Batch, type Dataset, GanloomError } from '@ganloom/core';
import { runNames } from '@ganloom/runs';
import { getText, memoryStore, putJson, type Store } from '@ganloom/storage';
import type { TrainEvent } from '@ganloom/training';
import { growingPlan, tinyData, tinyVariant } from '@ganloom/tiny-gan';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { TrainHost } from './host';
import { readRecipeSettings } from './recipe-settings';
import { defineRecipe, type Recipe } from './recipe';
import { integer, type SettingsSpec } from './setting';
import { trainRecipe } from './train-recipe';

beforeAll(async () => void (await tf.setBackend('cpu')));

let said: string[];
beforeEach(() => {
  said = [];
});

const tones: Dataset = {
  name: 'tones',
  size: 16,
  shapes: { images: [4, 4, 1] },
  batch: (indices): Batch => ({ images: tf.fill([indices.length, 4, 4, 1], indices[0]! / 16) }),
};

/** A page would look like this: nothing on a disk, nothing on a terminal. */
function hostOf(run: Store, onEvent: (event: TrainEvent) => unknown = () => undefined): TrainHost {
  return {
    run,
    backend: async () => ({ name: 'cpu', device: 'one', versions: {} }),
    open: () => Promise.reject(new Error('there are no files here')),
    place: () => memoryStore(),
    say: (line) => said.push(line),
    note: (line) => said.push(line),
    sinks: () => [async (event) => void (await onEvent(event))],
  };
}

const every = { batch: 4, sampleEvery: 1, logEvery: 1, checkpointEvery: 1 };

/** Networks that grow after two of four steps. */
const growing = defineRecipe({
  name: 'growing',
  about: '',
  version: '0',
  settings: {},
  defaults: { ...every, ema: 0.9 },
  data: () => ({ kind: 'made', make: () => tones }),
  plan: ({ random }) => growingPlan(random, [2, 2]).stages as never,
  samples: () => ({ count: 4 }),
});

/** A run of as many steps as it is told. */
const tiny = (data: Dataset = tinyData()) =>
  defineRecipe({
    name: 'tiny',
    about: '',
    version: '1',
    settings: { steps: integer(2, '') },
    defaults: { ...every, sampleEvery: 2, ema: 0 },
    data: () => ({ kind: 'made', make: () => data }),
    steps: ({ steps }) => steps,
    plan: () => tinyVariant() as never,
    samples: () => ({ count: 4 }),
  });

function play<Spec extends SettingsSpec>(
  recipe: Recipe<Spec>,
  host: TrainHost,
  { resume = false, ...given }: { readonly resume?: boolean } & Record<string, unknown> = {},
) {
  const settings = readRecipeSettings(recipe, given);
  return trainRecipe(recipe, settings, host, { resume });
}

const lines = async (run: Store) =>
  (await getText(run, runNames.metrics))!.replaceAll(/"seconds":[^,}]*/g, '');
const weights = async (run: Store, network: string) =>
  Buffer.from((await run.get(`${network}/weights.bin`))!).toString('latin1');

/** All names below a prefix. */
async function namesIn(run: Store, prefix = ''): Promise<string[]> {
  const parts = await (prefix === '' ? run.list() : run.list(prefix));
  const names = await Promise.all(
    parts.map(async (part) => {
      const name = prefix === '' ? part : `${prefix}/${part}`;
      return (await run.size(name)) === undefined ? namesIn(run, name) : [name];
    }),
  );
  return names.flat();
}

it('runs networks that grow, in memory, and saves and averages those of each stage', async () => {
  const run = memoryStore();
  await play(growing, hostOf(run));
  expect(await run.list()).toEqual(expect.arrayContaining(['small', 'large', 'small-small']));
  // What the first stage has left stays as it was; a part of it went on learning in the second.
  expect(await weights(run, 'small')).not.toEqual(await weights(run, 'small-small'));
});

it('leaves no tensor over, whether it ends well or not', async () => {
  await play(growing, hostOf(memoryStore()));
  const before = tf.memory().numTensors;
  const run = memoryStore();
  await play(growing, hostOf(run));
  await play(growing, hostOf(run), { resume: true });
  expect(tf.memory().numTensors).toBe(before);
  const full = { ...growing, watch: () => ({ best: { metric: 'none' } }) };
  await play(full, hostOf(memoryStore()));
  const failing = {
    ...growing,
    watch: () => {
      throw new Error('nothing to watch');
    },
  };
  await expect(play(failing as never, hostOf(memoryStore()))).rejects.toThrow('nothing to watch');
  expect(tf.memory().numTensors).toBe(before);
});

it('tells a run whether it is new: one that was killed before its first checkpoint still is', async () => {
  const run = memoryStore();
  const asked: boolean[] = [];
  const asking = defineRecipe({
    ...growing,
    plan: (context) => {
      asked.push(context.isNew);
      return growing.plan(context);
    },
  });
  await play(asking, hostOf(run));
  await play(asking, hostOf(run), { resume: true });
  for (const name of await namesIn(run)) if (name !== runNames.config) await run.remove(name);
  await play(asking, hostOf(run), { resume: true });
  expect(asked).toEqual([true, false, true]);
});

it('removes samples of steps that it takes again', async () => {
  const run = memoryStore();
  await play(growing, hostOf(run));
  const late = `${runNames.samples}/step-000099.png`;
  await run.put(late, new Uint8Array(8));
  await play(growing, hostOf(run), { resume: true });
  const names = await namesIn(run, runNames.samples);
  expect(names).not.toContain(late);
  expect(names).toContain(`${runNames.samples}/step-000004.png`);
});

it('refuses common settings that a recipe leaves open', async () => {
  const open = { ...tiny(), settings: { steps: integer(2, ''), batch: integer(undefined, '') } };
  await expect(play(open as never, hostOf(memoryStore()))).rejects.toThrow(
    'trainRecipe: tiny: batch must be a positive integer, got undefined',
  );
  const completed = { ...open, complete: (given: object) => ({ ...given, batch: 4 }) };
  expect((await play(completed as never, hostOf(memoryStore()))).end.step).toBe(2);
});

it('begins a run that was ended before its first checkpoint', async () => {
  const [whole, cut] = [memoryStore(), memoryStore()];
  await play(growing, hostOf(whole));
  await play(growing, hostOf(cut));
  for (const name of await namesIn(cut)) {
    if (name !== runNames.config) await cut.remove(name);
  }
  said.length = 0;
  await play(growing, hostOf(cut), { resume: true });
  expect(said.join('')).toContain('tones');
  expect(await lines(cut)).toBe(await lines(whole));
  expect(await weights(cut, 'large')).toBe(await weights(whole, 'large'));
});

it('says what it runs on, and why there are fewer threads than there could be', async () => {
  const backend = { name: 'wasm', device: 'WebAssembly', threads: 1, versions: {} };
  await play(tiny(), { ...hostOf(memoryStore()), backend: async () => backend }, { steps: 1 });
  expect(said[0]).toMatch(/; WebAssembly, 1 thread\(s\)$/);
  said.length = 0;
  const alone = { ...backend, threadsNote: 'there are no Web Workers' };
  await play(tiny(), { ...hostOf(memoryStore()), backend: async () => alone }, { steps: 1 });
  expect(said[0]).toMatch(/; WebAssembly, 1 thread\(s\) \(there are no Web Workers\)$/);
});

it('does not begin anew where steps were taken and no checkpoint is left', async () => {
  const run = memoryStore();
  await play(growing, hostOf(run));
  const before = await lines(run);
  for (const name of await namesIn(run, 'checkpoints')) await run.remove(name);
  await expect(play(growing, hostOf(run), { resume: true })).rejects.toThrow(
    'but it has none; train anew',
  );
  expect(await lines(run)).toBe(before);
});

it('refuses a second training of the run, which the first does not notice', async () => {
  const [whole, run] = [memoryStore(), memoryStore()];
  await play(growing, hostOf(whole));
  const refused: string[] = [];
  await play(
    growing,
    hostOf(run, async ({ type }) => {
      if (type !== 'samples') return;
      for (const resume of [true, false]) {
        const again = play(growing, hostOf(run), { resume });
        refused.push(await again.then(String, (error: Error) => error.message));
      }
    }),
  );
  expect(refused).toHaveLength(8);
  expect(refused[0]).toContain('must have one training at a time');
  expect(refused[1]).toContain('is not empty');
  expect(await lines(run)).toBe(await lines(whole));
  // It is let in again after an end, and after an error.
  const failing = { ...growing, plan: () => Promise.reject(new Error('no networks')) };
  await expect(play(failing as never, hostOf(run), { resume: true })).rejects.toThrow(
    'no networks',
  );
  await play(growing, hostOf(run), { resume: true });
});

it('does not train without a config.json, says why, and can be started again', async () => {
  const run = memoryStore();
  const heard = vi.fn<() => void>();
  const full = {
    ...run,
    within: run.within.bind(run),
    put: (name: string, ...rest: [never]) =>
      name === runNames.config
        ? Promise.reject(new GanloomError('no room'))
        : run.put(name, ...rest),
  } as Store;
  await expect(play(tiny(), hostOf(full, heard))).rejects.toThrow(
    /must be written before training begins, but: .*no room/,
  );
  expect(heard).not.toHaveBeenCalled();

  const seen: string[] = [];
  const noted = async ({ type }: TrainEvent) =>
    void seen.push(`${type}: ${JSON.parse((await getText(run, runNames.config))!).app}`);
  await play(tiny(), hostOf(run, noted));
  expect(seen[0]).toBe('start: tiny');
  expect(said.join('')).not.toContain('warning');
});

it('says what was changed in config.json since the checkpoint that it goes on with', async () => {
  const run = memoryStore();
  const warned = vi.spyOn(console, 'error').mockImplementation((line) => void said.push(line));
  await play(tiny(), hostOf(run));
  await play(tiny(), hostOf(run), { resume: true, steps: 3 });
  expect(said.join('')).not.toContain('was changed');

  const config = JSON.parse((await getText(run, runNames.config))!);
  config.settings = { ...config.settings, batch: 5, ema: undefined, added: 'x' };
  await putJson(run, runNames.config, config);
  await play(tiny(), hostOf(run), { resume: true, steps: 4, batch: 5 });
  expect(said.join('')).toContain(
    'was changed after step 3: batch was 4, now 5; ema was 0, now not there; ' +
      'added was not there, now "x". The run goes on by it',
  );

  // Known from here on.
  said.length = 0;
  await play(tiny(), hostOf(run), { resume: true, steps: 5, batch: 5 });
  expect(said.join('')).not.toContain('was changed');
  warned.mockRestore();
});

it('goes on with the data that it began with, unless it is told to take others', async () => {
  const run = memoryStore();
  await play(tiny(), hostOf(run));
  const again = (data: Dataset) => play(tiny(data), hostOf(run), { resume: true, steps: 3 });
  const { size } = tinyData();
  await expect(again(tinyData(size + 1))).rejects.toThrow(
    `a resumed run needs the data it began with, ${size} examples of tiny; got ${size + 1} of tiny`,
  );
  // One example is another.
  const other = tinyData(size, (i) => (i === 3 ? 0.5 : 0));
  await expect(again(other)).rejects.toThrow('got as many that differ; put them back');
  const config = JSON.parse((await getText(run, runNames.config))!);
  expect(config.data.fingerprint).toMatch(/^[\da-f]{16}$/);
  delete config.data.fingerprint;
  await putJson(run, runNames.config, config);
  expect((await again(other)).end.step).toBe(3);
});
