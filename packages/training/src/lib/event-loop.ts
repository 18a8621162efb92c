// Timers, signals and drawing get a turn this often; a turn costs some microseconds.
const INTERVAL_MS = 20;

/** A function to await between steps: now and then it lets timers, signals and drawing run. */
export function eventLoopTurns(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < INTERVAL_MS) return;
    await turn();
    last = performance.now();
  };
}

/** Lets all that is due run: promises first, then timers, signals and files. */
export function turn(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve));
  // In browsers setTimeout waits at least 4 ms, and seconds in a hidden tab.
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}
