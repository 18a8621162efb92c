import { Presets, SingleBar } from 'cli-progress';

/** Settings of {@link progress}. */
export interface ProgressOptions {
  /** What is counted, in the plural: `steps`, `pictures`. */
  readonly unit: string;
  readonly total: number;
  /** Done already; default 0. */
  readonly start?: number;
  /** Default: standard error, which leaves standard output to results. */
  readonly stream?: NodeJS.WriteStream;
}

/** How far something is, shown until `stop`. */
export interface Progress {
  /** `done` of the total, and a few words to show behind it; of a function if they take time to make. */
  update(done: number, text?: string | (() => string)): void;
  /** Ends the bar or the lines. */
  stop(): void;
}

// Work that is soon over shows nothing.
const QUIET_SECONDS = 2;
// In a log file or a CI job, a line this often.
const LINE_SECONDS = 10;

/**
 * Shows rate, remaining time and a few words about work that takes longer than two seconds: as a
 * bar on a terminal, as a line every ten seconds elsewhere.
 */
export function progress(options: ProgressOptions): Progress {
  const { unit, total, start = 0, stream = process.stderr } = options;
  const begin = performance.now();
  const elapsed = () => (performance.now() - begin) / 1000;
  const numbers = (done: number) => {
    const rate = (done - start) / elapsed();
    return { rate: shortNumber(rate), left: duration((total - done) / rate) };
  };

  if (stream.isTTY) {
    const format = `{bar} {value}/{total} ${unit} | {perSecond}/s | {left} left | {text}`;
    const bar = new SingleBar(
      // On ctrl-C the work goes on to a good end, and so does the bar.
      { format, stream, hideCursor: true, linewrap: false, gracefulExit: false },
      Presets.shades_classic,
    );
    // However the process ends, the terminal gets its cursor back.
    const stop = () => {
      process.off('exit', stop);
      if (bar.isActive) bar.stop();
    };
    process.on('exit', stop);
    return {
      update(done, text = '') {
        if (elapsed() < QUIET_SECONDS) return;
        const { rate, left } = numbers(done);
        const payload = { perSecond: rate, left, text: textOf(text) };
        if (bar.isActive) bar.update(done, payload);
        else bar.start(total, done, payload);
      },
      stop,
    };
  }

  let last = QUIET_SECONDS - LINE_SECONDS;
  let shown: number | undefined;
  let newest: readonly [done: number, words: string] | undefined;
  const show = (done: number, words: string) => {
    const { rate, left } = numbers(done);
    stream.write(`${done}/${total} ${unit}, ${rate}/s, ${left} left${words && `, ${words}`}\n`);
    shown = done;
  };
  return {
    update(done, text = '') {
      // What takes time to make is not made for a line that may never be shown.
      newest = [done, typeof text === 'string' ? text : ''];
      if (elapsed() - last < LINE_SECONDS) return;
      last = elapsed();
      show(done, textOf(text));
    },
    stop() {
      // Where lines were shown, the last one says how far it came.
      if (shown !== undefined && newest && newest[0] !== shown) show(...newest);
    },
  };
}

const textOf = (text: string | (() => string)) => (typeof text === 'string' ? text : text());

function shortNumber(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(2);
}

function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (h > 0) return `${h}h${String(m).padStart(2, '0')}m`;
  return m > 0 ? `${m}m${String(s).padStart(2, '0')}s` : `${s}s`;
}
