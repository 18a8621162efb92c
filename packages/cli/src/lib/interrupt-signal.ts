/** A signal, and what lets go of Ctrl-C. */
export interface InterruptSignal {
  readonly signal: AbortSignal;
  /** Gives ctrl-C its usual meaning back. */
  dispose(): void;
}

const EXIT_INTERRUPTED = 130;

/**
 * Turns ctrl-C (SIGINT) and SIGTERM into an `AbortSignal`, so that work can be finished and saved;
 * the second one ends the process at once.
 */
export function interruptSignal(stream: NodeJS.WritableStream = process.stderr): InterruptSignal {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
    controller.abort();
    stream.write('\ninterrupted: finishing the step and saving; once more to exit at once\n');
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    dispose: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
}
