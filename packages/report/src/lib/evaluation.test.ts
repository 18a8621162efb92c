import { memoryStore, putJson, putText } from '@ganloom/storage';
import { expect, it } from 'vitest';
import { readEvaluation } from './evaluation';

const FOUND = { count: 10, recognized: 0.5, perClass: { red: 1, blue: 0 } };
const WRITTEN = { ...FOUND, seed: 0, classifier: { accuracy: 0.9, testSize: 4 } };

it('reads what an evaluation says of classes', async () => {
  const run = memoryStore('run');
  expect(await readEvaluation(run)).toEqual({});
  await putJson(run, 'evaluate.json', WRITTEN);
  expect(await readEvaluation(run)).toEqual({ recognition: { ...FOUND, accuracy: 0.9 } });
  // Of a generator without classes.
  await putJson(run, 'evaluate.json', { count: 10, pixelDistance: 3 });
  expect(await readEvaluation(run)).toEqual({});
});

it.each([
  ['{"count": 1', /Expected|JSON/],
  ['null', /it is no object/],
  ['[]', /it is no object/],
  [JSON.stringify({ ...WRITTEN, count: '10' }), /count is no number/],
  [JSON.stringify({ ...WRITTEN, recognized: null }), /recognized is no number/],
  [JSON.stringify({ ...WRITTEN, perClass: { red: 'all' } }), /perClass has no number for each/],
  [JSON.stringify({ ...WRITTEN, perClass: undefined }), /perClass has no number for each/],
  [JSON.stringify({ ...WRITTEN, classifier: null }), /classifier\.accuracy is no number/],
  [JSON.stringify({ ...WRITTEN, classifier: {} }), /classifier\.accuracy is no number/],
])('says what is damaged, and what to do: %s', async (text, why) => {
  const run = memoryStore('run');
  await putText(run, 'evaluate.json', text);
  const { evaluationFault, recognition } = await readEvaluation(run);
  expect(recognition).toBeUndefined();
  expect(evaluationFault).toMatch(why);
  expect(evaluationFault).toMatch(
    /evaluate\.json must be JSON as evaluate writes it, but is damaged: .*; remove it, or evaluate again$/,
  );
});
