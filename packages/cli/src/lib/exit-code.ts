import { GanloomError } from '@ganloom/core';

/** What a program's exit code means. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/**
 * Runs a program and turns what it throws into one clear message and an exit code: wrong usage is 2
 * (a `UsageError`, or what the command-line parser `commander` objects to), other failures are 1.
 * Errors that are neither ours nor the operating system's keep
 * their stack, because they are bugs.
 */
export async function exitCodeOf(
  program: () => Promise<number>,
  stream: NodeJS.WritableStream = process.stderr,
): Promise<number> {
  process.stdout.on('error', ignoreClosedPipe);
  try {
    return await program();
  } catch (error) {
    if (isCommanderError(error)) {
      // Commander has written the message, or the help that was asked for, already.
      return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    }
    if (GanloomError.isInstance(error)) {
      stream.write(`error: ${error.message}\n`);
      return error.name === 'UsageError' ? EXIT.usage : EXIT.failed;
    }
    if (error instanceof Error && 'syscall' in error) {
      // The operating system said no (a full disk, a missing right): our stack explains nothing.
      stream.write(`error: ${error.message}\n`);
      return EXIT.failed;
    }
    stream.write(`error: ${error instanceof Error ? error.stack : String(error)}\n`);
    return EXIT.failed;
  } finally {
    process.stdout.off('error', ignoreClosedPipe);
  }
}

/** Who reads our output may stop to, as `head` does; the work goes on. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function isCommanderError(error: unknown): error is Error & { exitCode: number } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
}
