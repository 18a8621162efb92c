import type { Sink } from '@ganloom/training';
import { progress, type Progress } from './progress';

/** Settings of {@link progressSink}. */
export interface ProgressSinkOptions {
  /** Statistics and metrics to show beside the losses, as they were said last. */
  readonly also?: readonly string[];
  readonly stream?: NodeJS.WriteStream;
}

/** Shows how training goes: rate, remaining time, losses. */
export function progressSink({
  also = [],
  stream = process.stderr,
}: ProgressSinkOptions = {}): Sink {
  let shown: Progress | undefined;
  let losses: readonly string[] = [];
  const others = new Map<string, string>();
  const line = (name: string, value: number) => `${name} ${value.toFixed(3)}`;
  return (event) => {
    if (event.type === 'start') {
      shown = progress({ unit: 'steps', total: event.steps, start: event.step, stream });
    } else if (event.type === 'metrics') {
      losses = Object.entries(event.losses).map(([name, value]) => line(name, value));
      for (const name of also) {
        const value = event.statistics[name];
        if (value !== undefined) others.set(name, line(name, value));
      }
    } else if (event.type === 'step') {
      const text = [...losses, ...others.values()].join(', ');
      shown?.update(event.step, event.stage ? `${event.stage}: ${text}` : text);
    } else if (event.type === 'end') {
      shown?.stop();
    }
  };
}
