import type { MetricsEvent } from '../events';

/** What is known at a logged step. */
export interface Observation extends Omit<MetricsEvent, 'type'> {
  /** Tensors alive, if the run is being watched and not read again. */
  readonly tensors?: number;
  /** What they take, likewise. */
  readonly bytes?: number;
}

/** What a symptom is looked for in. */
export interface HealthCheck {
  /** In words: `oscillation`. */
  readonly what: string;
  /** Losses and statistics, of which a logged step has one at least. */
  readonly of: readonly string[];
  /** So many logged steps that have one, before anything can be said. */
  readonly times: number;
  /** Whether it is a matter of runs alone that have one of these numbers. Default false. */
  readonly ifAny?: boolean;
}

/**
 * One thing that goes wrong with GANs. Made anew for each stage, as it may remember what it has seen;
 * nothing that it says depends on a clock or on chance.
 */
export interface Symptom {
  readonly name: string;
  /** What people may take for checked when it says nothing; default: nothing. */
  readonly checks?: HealthCheck;
  /** Looks at the next logged step, and says in words what is wrong there, if it is. */
  examine(observation: Observation): string | undefined;
}

/** A loss or statistic as people read it: three figures. */
export function figure(value: number): string {
  return Number(value.toPrecision(3)).toString();
}

/** The middle value; the upper one of two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Keeps the last `size` values that it is given, and returns them, oldest first. */
export function lastOnes<T>(size: number): (value: T) => readonly T[] {
  const kept: T[] = [];
  return (value) => {
    kept.push(value);
    if (kept.length > size) kept.shift();
    return kept;
  };
}
