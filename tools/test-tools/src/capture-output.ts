import { vi } from 'vitest';

/**
 * What the program under test says from now on, on standard output, standard error and the console,
 * instead of saying it; until `vi.restoreAllMocks()`.
 */
export function captureOutput(): string[] {
  const said: string[] = [];
  const listen = (text: unknown) => {
    said.push(String(text));
    return true;
  };
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation(listen);
  }
  for (const method of ['log', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation(listen);
  }
  return said;
}
