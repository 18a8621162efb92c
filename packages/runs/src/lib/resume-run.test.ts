import { memoryStore } from '@ganloom/storage';
import type { TrainingState } from '@ganloom/training';
import { expect, it } from 'vitest';
import { resumeRun } from './resume-run';
import type { RunConfig } from './run-config';

const began: RunConfig = {
  app: 'mine',
  settings: { batch: 32, seed: 1, layers: [4, 8] },
  data: { name: 'tiny', size: 8 },
  backend: { name: 'cpu', device: 'JavaScript' },
  versions: { ganloom: '1.0.0' },
};

async function notesOf(now: Partial<RunConfig>): Promise<string[]> {
  const notes: string[] = [];
  const state = {} as TrainingState; // nothing is there to be restored
  const note = (line: string) => void notes.push(line);
  const done = await resumeRun(memoryStore(), began, { ...began, ...now }, state, note);
  expect(done).toBeUndefined();
  return notes;
}

it('says what differs from how the run began', async () => {
  const first = 'the run was ended before its first checkpoint: it begins with step 1';
  expect(await notesOf({})).toEqual([first]);
  expect(await notesOf({ settings: { batch: 16, seed: 1, layers: [4, 9], ema: 0 } })).toEqual([
    'warning: the run began with other settings: batch was 32, now 16; layers was [4,8], now [4,9]; ' +
      'ema was not there, now 0. What follows is no longer what one run gives',
    first,
  ]);
  expect(await notesOf({ versions: { ganloom: '1.1.0' } })).toEqual([
    'warning: the run began with ganloom 1.0.0, this is 1.1.0; results may differ in last bits',
    first,
  ]);
});
