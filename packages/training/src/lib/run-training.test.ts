import { expect, it, vi } from 'vitest';
import type { EndEvent, Sink, TrainEvent } from './events';
import { runTraining } from './run-training';

const end: EndEvent = {
  type: 'end',
  step: 2,
  seconds: 1,
  imagesPerSecond: 16,
  reason: 'steps',
  losses: {},
};

async function* events(): AsyncGenerator<TrainEvent> {
  yield { type: 'start', step: 0, steps: 2, batchSize: 8, drawsSamples: false };
  yield { type: 'step', step: 1, seconds: 0.5 };
  yield { type: 'step', step: 2, seconds: 1 };
  yield end;
}

it('hands each event to each sink and returns the last one', async () => {
  const seen: string[] = [];
  const sink =
    (name: string): Sink =>
    async ({ type }) => {
      await Promise.resolve();
      seen.push(`${name} ${type}`);
    };
  expect(await runTraining(events(), [sink('a'), sink('b')])).toBe(end);
  expect(seen.slice(0, 4)).toEqual(['a start', 'b start', 'a step', 'b step']);
  expect(seen).toHaveLength(8);
});

it('goes on when a sink fails, and says so once', async () => {
  const errors: string[] = [];
  const broken = vi.fn<Sink>(({ type }) => {
    if (type === 'step') throw new Error('disk full');
  });
  const good = vi.fn<Sink>();
  await runTraining(events(), [broken, good], {
    onSinkError: (error, event) => errors.push(`${(error as Error).message} at ${event.type}`),
  });
  expect(errors).toEqual(['disk full at step']);
  expect(broken).toHaveBeenCalledTimes(4);
  expect(good).toHaveBeenCalledTimes(4);
});

it('passes on what training throws', async () => {
  async function* failing(): AsyncGenerator<TrainEvent> {
    yield* events();
    throw new Error('NaN');
  }
  await expect(runTraining(failing(), [])).rejects.toThrow('NaN');
});
