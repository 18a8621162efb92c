import { appendWhole, joinedBytes, type Store, type WholeAppender } from '@ganloom/storage';
import type { NamedTensors, Scalars, Sink, TrainEvent } from '@ganloom/training';
import { type EventSummary, startEvent, summaryEvent, versionEvent } from './event';
import { eventFiles } from './event-files';
import { type Histogram, histogram } from './histogram';
import { encodeRecord } from './tf-record';
import { sampleFrame } from '../sample-frame';

/** Settings of {@link tensorboardSink}. */
export interface TensorboardSinkOptions {
  /** What to show the distribution of whenever samples are drawn, by name; default: nothing. */
  readonly weights?: () => NamedTensors;
}

/**
 * Writes what TensorBoard reads, to `events.out.tfevents.*` of a run: losses, statistics and speed as
 * scalars, the grid of samples as a picture, weights as histograms.
 *
 * Each part of a run appends to a file of its own. Before a run is resumed, {@link dropEventsAfter}
 * drops what it will write again; a TensorBoard that has read that already is told to forget it.
 */
export function tensorboardSink(
  run: Store,
  { weights = () => ({}) }: TensorboardSinkOptions = {},
): Sink {
  let file: WholeAppender | undefined;
  const stepsPerSecond = speedometer();
  return async (event) => {
    const now = Date.now() / 1000;
    if (event.type === 'start') {
      // Only so that two parts in one second have two names.
      const part = (await eventFiles(run).catch(() => [])).length;
      const name = `events.out.tfevents.${String(Math.floor(now)).padStart(10, '0')}.${part}`;
      file = appendWhole(run, name);
      const begin = event.step > 0 ? [startEvent(now, event.step + 1)] : [];
      await file.append(joinedBytes([versionEvent(now), ...begin].map(encodeRecord)));
    }
    if (event.type === 'end') await file?.finish();
    const speed = stepsPerSecond(event);
    const summary = await summaryOf(event, weights);
    if (!summary || !file || !('step' in event)) return;
    const scalars = speed === undefined ? summary.scalars : { ...summary.scalars, ...speed };
    const record = summaryEvent(now, event.step, { ...summary, ...(scalars && { scalars }) });
    await file.append(encodeRecord(record));
  };
}

async function summaryOf(
  event: TrainEvent,
  weights: () => NamedTensors,
): Promise<EventSummary | undefined> {
  if (event.type === 'metrics') {
    const { losses, statistics } = event;
    return {
      scalars: { ...withPrefix('losses', losses), ...withPrefix('statistics', statistics) },
    };
  }
  if (event.type !== 'samples') return undefined;
  const { grid, png } = sampleFrame(event.samples);
  const { height, width, channels } = grid;
  const histograms: Record<string, Histogram> = {};
  for (const [name, tensor] of Object.entries(weights())) {
    const found = histogram(await tensor.data());
    if (found) histograms[`weights/${name}`] = found;
  }
  return { images: { samples: { png, height, width, channels } }, histograms };
}

/** Steps per second between one logged step and the next. */
function speedometer(): (event: TrainEvent) => Scalars | undefined {
  let last: { readonly step: number; readonly seconds: number } | undefined;
  return (event) => {
    if (event.type !== 'metrics') return undefined;
    const { step, seconds } = event;
    const before = last;
    last = { step, seconds };
    if (!before || seconds <= before.seconds) return undefined;
    return { 'speed/stepsPerSecond': (step - before.step) / (seconds - before.seconds) };
  };
}

function withPrefix(prefix: string, scalars: Scalars): Scalars {
  return Object.fromEntries(
    Object.entries(scalars).map(([name, value]) => [`${prefix}/${name}`, value]),
  );
}
