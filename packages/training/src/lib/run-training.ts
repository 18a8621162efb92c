import { GanloomError } from '@ganloom/core';
import type { EndEvent, Sink, TrainEvent } from './events';

/** Settings of {@link runTraining}. */
export interface RunTrainingOptions {
  /** Is told when a sink fails; default: one line by `console.error`. */
  readonly onSinkError?: (error: unknown, event: TrainEvent) => void;
}

/**
 * Hands every event to every sink, in order, and returns the last event.
 *
 * A sink that fails is reported, once per message, and does not stop training: a full disk must not
 * cost the run.
 *
 * @throws what `train` throws, after the sinks have seen the end event.
 */
export async function runTraining(
  events: AsyncIterable<TrainEvent>,
  sinks: readonly Sink[],
  { onSinkError = reportOnConsole }: RunTrainingOptions = {},
): Promise<EndEvent> {
  const reported = new Set<string>();
  let end: EndEvent | undefined;
  for await (const event of events) {
    for (const sink of sinks) {
      try {
        await sink(event);
      } catch (error) {
        if (!reported.has(String(error))) onSinkError(error, event);
        reported.add(String(error));
      }
    }
    if (event.type === 'end') end = event;
  }
  if (!end)
    throw new GanloomError('runTraining: the events must close with an "end" event, got none');
  return end;
}

function reportOnConsole(error: unknown, event: TrainEvent): void {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(`warning: a sink failed at the event "${event.type}"; training goes on: ${reason}`);
}
