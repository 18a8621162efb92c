import { GanloomError, UsageError } from '@ganloom/core';
import { healthMonitor } from '@ganloom/training';
import { samplesAt } from '@ganloom/runs';
import { getText, memoryStore, putJson, putText, type Store } from '@ganloom/storage';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { tinyReport } from '../../test/tiny-report';
import { readReportData } from './report-data';
import { reportSink } from './report-sink';
import { runRecord } from './run-record';

const { config, rows } = tinyReport();
let run: Store;
beforeEach(async () => {
  run = memoryStore('run');
  await putJson(run, 'config.json', config);
});

const writeRows = () =>
  putText(
    run,
    'metrics.jsonl',
    `${rows.map((row) => JSON.stringify(row)).join('\n')}\n{"step":21,"se`,
  );

const drawSamples = async (...steps: number[]) => {
  for (const step of steps) await putText(run, samplesAt(step), 'x');
};

describe('readReportData', () => {
  it('reads a run that ended', async () => {
    await writeRows();
    await drawSamples(2, 4);
    const health = [{ name: 'x', step: 1, lastStep: 2, message: 'y' }];
    const summary = { reason: 'interrupted', steps: 20, seconds: 3, health };
    await putJson(run, 'summary.json', summary);
    const data = await readReportData(run, 'tiny');
    expect(data).toMatchObject({ state: 'interrupted', step: 20, seconds: 3, verdicts: health });
    expect(data.rows).toEqual(rows);
    expect(data.frames.map(({ step }) => step)).toEqual([2, 4]);
    expect(data.frameCount).toBe(2);
  });

  it('reads one that was killed, and looks at its health again', async () => {
    const lost = (step: number) => ({
      step,
      seconds: step,
      losses: { discriminator: step === 1 ? 1 : 0.01 },
      statistics: { realLogit: 9, fakeLogit: -9 },
    });
    const lines = Array.from({ length: 30 }, (_, i) => `${JSON.stringify(lost(i + 1))}\n`);
    await putText(run, 'metrics.jsonl', lines.join(''));
    // Of an earlier part of the run.
    await putJson(run, 'summary.json', { reason: 'interrupted', steps: 5, seconds: 1 });
    const { state, step, seconds, verdicts } = await readReportData(run, 'tiny');
    expect([state, step, seconds]).toEqual(['unfinished', 30, 30]);
    expect(verdicts).toMatchObject([{ name: 'discriminator won', step: 21, lastStep: 30 }]);
  });

  it('says which summary is damaged, and what to do', async () => {
    await writeRows();
    await putText(run, 'summary.json', '{"reason": "st');
    const report = readReportData(run, 'tiny');
    await expect(report).rejects.toBeInstanceOf(GanloomError);
    await expect(report).rejects.toThrow(
      `run/summary.json must be JSON as train writes it, but is damaged: `,
    );
    await expect(report).rejects.toThrow('; remove it: a report is made without it as well');
    await run.remove('summary.json');
    expect(await readReportData(run, 'tiny')).toMatchObject({ state: 'unfinished', step: 20 });
  });

  it('is made, and so is that of a run that goes on, with and without a whole evaluation', async () => {
    const perClass = { red: 0.5 };
    const found = { count: 9, recognized: 0.5, perClass, classifier: { accuracy: 0.9 } };
    await putJson(run, 'evaluate.json', found);
    const recognition = { count: 9, recognized: 0.5, perClass, accuracy: 0.9 };
    const record = runRecord(run, config, healthMonitor());
    expect(await readReportData(run, 'tiny')).toMatchObject({ recognition });
    expect(await record.data()).toMatchObject({ recognition });
    await putText(run, 'evaluate.json', 'null');
    const evaluationFault = expect.stringContaining('run/evaluate.json must be JSON') as string;
    expect(await readReportData(run, 'tiny')).toMatchObject({ evaluationFault });
    expect(await record.data()).toMatchObject({ evaluationFault });
  });

  it('says what to do with a config.json that is not whole', async () => {
    await putText(run, 'config.json', '{"app": "ti');
    await expect(readReportData(run, 'tiny')).rejects.toThrow(
      /its config\.json cannot be read: .*; choose one that train has made, or train anew$/,
    );
  });

  it('reads one that was killed before it said anything, and refuses what is no run', async () => {
    expect(await readReportData(run, 'tiny')).toMatchObject({ state: 'unfinished', step: 0 });
    await expect(readReportData(run, 'other')).rejects.toThrow(
      new UsageError(`run must be a run of other, but is one of tiny`),
    );
  });
});

describe('runRecord and reportSink', () => {
  it('write the report at the end, and at samples now and then', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const record = runRecord(run, config, healthMonitor());
    const sink = reportSink(run, record.data);
    const samples = {
      kind: 'pictures' as const,
      data: new Uint8Array(4),
      shape: [1, 2, 2, 1] as const,
    };
    const play = async (event: Parameters<typeof sink>[0]) => {
      await record.sink(event);
      await sink(event);
    };
    const text = async () =>
      /id="status">([\s\S]*?)<\/div>/
        .exec((await getText(run, 'report.html'))!)![1]!
        .replaceAll(/<.*?>/g, '')
        .trim();

    await play({ type: 'start', step: 0, steps: 30, batchSize: 8, drawsSamples: false });
    await play({ type: 'metrics', ...rows[0]! });
    expect(await run.list()).not.toContain('report.html');
    await play({ type: 'step', step: 1, seconds: 1 });
    await play({ type: 'samples', step: 1, samples });
    expect(await text()).toBe('running step 1 of 30');
    await play({ type: 'step', step: 2, seconds: 1 });
    await play({ type: 'samples', step: 2, samples });
    expect(await text()).toBe('running step 1 of 30');
    vi.advanceTimersByTime(10_001);
    await play({ type: 'samples', step: 2, samples });
    expect(await text()).toBe('running step 2 of 30');
    await play({
      type: 'end',
      step: 3,
      seconds: 2,
      imagesPerSecond: 8,
      reason: 'interrupted',
      losses: {},
    });
    expect(await text()).toBe('interrupted step 3 of 30');
    expect(await run.list()).toEqual(['config.json', 'report.html']);
    vi.useRealTimers();
  });
});
