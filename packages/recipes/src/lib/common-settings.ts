import { backendNames } from '@ganloom/backends';
import { integer, number, choice, type SettingsOf } from './setting';

/** What recipes have own defaults for, among the settings that every training has. */
export interface CommonDefaults {
  readonly batch: number;
  /** Decay of the generator's average; 0 for none. */
  readonly ema: number;
  readonly sampleEvery: number;
  readonly logEvery: number;
  readonly checkpointEvery: number;
}

/** The settings that every training has. */
export function commonSettings({
  batch,
  ema,
  sampleEvery,
  logEvery,
  checkpointEvery,
}: CommonDefaults) {
  return {
    batch: integer(batch, 'examples per step'),
    seed: integer(0, 'makes the run repeatable', { min: 0 }),
    ema: number(ema, 'average of the generator, 0 for none', { min: 0, below: 1 }),
    sampleEvery: integer(sampleEvery, 'steps between sample grids'),
    logEvery: integer(logEvery, 'steps between lines of metrics.jsonl'),
    checkpointEvery: integer(checkpointEvery, 'steps between checkpoints'),
    stopAfter: number(
      undefined,
      'minutes of training, all in all (default: no end)',
      { above: 0 },
      { free: true, hint: 'minutes' },
    ),
    ...backendSettings(),
  };
}

/** What computes. */
export function backendSettings() {
  return {
    backend: choice(backendNames[0]!, 'what computes', backendNames),
    threads: integer(
      undefined,
      'threads of the wasm backend (default: all cores)',
      { min: 1, max: 16 },
      { free: true },
    ),
  };
}

/** The settings that every recipe has. */
export type CommonSettings = SettingsOf<ReturnType<typeof commonSettings>>;
