import { memoryStore, putJson, putText } from '@ganloom/storage';
import { expect, it } from 'vitest';
import { readRunConfig, readRunSettings } from './run-config';
import { runNames } from './run-names';

const config = {
  app: 'mine',
  settings: { steps: 1 },
  data: { name: 'dots', size: 3, classNames: ['a'] },
  backend: { name: 'wasm', device: 'one' },
  versions: {},
};

async function runWith(changes: object) {
  const run = memoryStore('run');
  await putJson(run, runNames.config, { ...config, ...changes });
  return run;
}

it('reads what train has written', async () => {
  expect(await readRunConfig(await runWith({}), 'mine')).toEqual(config);
  const none = { ...config.data, classNames: null };
  expect((await readRunConfig(await runWith({ data: none }), 'mine')).data.size).toBe(3);
});

it.each<[string, object, string]>([
  ['another program', { app: 'other' }, 'must be a run of mine, but is one of other'],
  ['no settings', { settings: null }, 'must say "settings", as train writes them'],
  ['no data', { data: undefined }, 'must say the "size" of "data"'],
  ['no size', { data: { name: 'dots' } }, 'must say the "size" of "data"'],
  ['odd names', { data: { size: 3, classNames: 'ab' } }, 'their "classNames"'],
])('refuses %s', async (_, changes, message) => {
  await expect(readRunConfig(await runWith(changes), 'mine')).rejects.toThrow(message);
});

it('reads settings of what has no data of its own', async () => {
  const study = await runWith({ data: undefined });
  expect(await readRunSettings(study, 'mine')).toEqual({ steps: 1 });
});

it('refuses what is no config', async () => {
  const run = memoryStore('run');
  const cannot = 'must hold a run, but its config.json cannot be read: ';
  await expect(readRunConfig(run, 'mine')).rejects.toThrow(`${cannot}it is not there`);
  await putText(run, runNames.config, '{');
  await expect(readRunConfig(run, 'mine')).rejects.toThrow(cannot);
});
