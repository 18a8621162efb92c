import type { Sink } from '../lib/events';
import { progress, type Progress } from './progress';

/** Shows how training goes: rate, remaining time, losses. */
export function progressSink(stream: NodeJS.WriteStream = process.stderr): Sink {
  let shown: Progress | undefined;
  let losses = '';
  return (event) => {
    if (event.type === 'start') {
      shown = progress({ unit: 'steps', total: event.steps, start: event.step, stream });
    } else if (event.type === 'metrics') {
      losses = Object.entries(event.losses)
        .map(([name, value]) => `${name} ${value.toFixed(3)}`)
        .join(', ');
    } else if (event.type === 'step') {
      shown?.update(event.step, event.stage ? `${event.stage}: ${losses}` : losses);
    } else if (event.type === 'end') {
      shown?.stop();
    }
  };
}
