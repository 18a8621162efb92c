import { GanloomError } from '@ganloom/core';
import { memoryStore, putJson, putText } from '@ganloom/storage';
import { expect, it } from 'vitest';
import { readRecognition } from './evaluation';

it('reads what an evaluation says of classes', async () => {
  const run = memoryStore('run');
  expect(await readRecognition(run)).toBeUndefined();
  const found = { count: 10, recognized: 0.5, perClass: { red: 1, blue: 0 } };
  await putJson(run, 'evaluate.json', {
    ...found,
    seed: 0,
    classifier: { accuracy: 0.9, testSize: 4 },
  });
  expect(await readRecognition(run)).toEqual({ ...found, accuracy: 0.9 });
  // Of a generator without classes.
  await putJson(run, 'evaluate.json', { count: 10, pixelDistance: 3 });
  expect(await readRecognition(run)).toBeUndefined();
});

it('says which one is damaged, and what to do', async () => {
  const run = memoryStore('run');
  await putText(run, 'evaluate.json', '{"count": 1');
  const reading = readRecognition(run);
  await expect(reading).rejects.toBeInstanceOf(GanloomError);
  await expect(reading).rejects.toThrow(
    /evaluate\.json must be JSON as evaluate writes it, but is damaged: .*; remove it, or evaluate again/,
  );
});
