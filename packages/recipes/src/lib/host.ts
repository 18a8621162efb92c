import type { Dataset } from '@ganloom/core';
import type { RunBackend } from '@ganloom/runs';
import type { Store } from '@ganloom/storage';
import type { Sink } from '@ganloom/training';
import type { ReportData } from '@ganloom/report';
import type { DataNeed, MadeData } from './data-need';

/** Where a recipe is interpreted: what opens data, keeps things, and talks to people. */
export interface Host {
  /** Starts what computes, and says what that is. */
  backend(settings: {
    readonly backend: string;
    readonly threads?: number | undefined;
  }): Promise<RunBackend>;
  /** Opens what a recipe needs. */
  open(need: Exclude<DataNeed, MadeData>): Promise<Dataset>;
  /** Whether a data set of that name has pictures for the test beside those for training; default: all have. */
  hasTestPart?(dataset: string): boolean;
  /** What is kept at a place that a user names, such as a folder. */
  place(name: string): Store;
  /** Results, for people. */
  say(line: string): void;
  /** What goes on beside the results: warnings, progress. */
  note(line: string): void;
  /** Versions of what the host is, such as Node. */
  readonly versions?: Readonly<Record<string, string>>;
}

/** What a host adds to a training. */
export interface TrainHost extends Host {
  /** The place of the run. */
  readonly run: Store;
  /** Ends training after the step in progress. Looked at when `sinks` was called. */
  readonly signal?: AbortSignal | undefined;
  /**
   * More that is told of the events, before they are saved; `also` names statistics worth showing, and
   * `report` gives what there is to show at any time.
   */
  sinks?(context: {
    readonly also: readonly string[];
    readonly report: () => Promise<ReportData>;
  }): Promise<readonly Sink[]> | readonly Sink[];
}
