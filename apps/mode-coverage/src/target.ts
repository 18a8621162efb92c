import type { Dataset, Game, RandomStream } from '@ganloom/core';
import type { Architecture } from '@ganloom/models';
import type { SavedGenerator } from '@ganloom/recipes';
import type * as tf from '@tensorflow/tfjs';
import type { Hyperparameters } from './hyperparameters';

/** What a generator's samples cover. */
export interface Coverage {
  /** Modes with at least one sample that counts. */
  readonly modes: number;
  /** Modes that there are. */
  readonly of: number;
  /** The share of samples near a mode, from 0 to 1; where modes have a middle. */
  readonly highQuality?: number;
  /** KL(p ‖ uniform) over the modes, nats. */
  readonly divergence: number;
  /** Samples drawn. */
  readonly samples: number;
  /** Samples that count for each mode, if there are few modes. */
  readonly counts?: readonly number[];
  /** Samples that show each class of digit, for each channel; where modes are triples of them. */
  readonly digits?: readonly (readonly number[])[];
}

/** Data whose modes can be counted, and the networks that learn them. */
export interface Target {
  /** Of generator and discriminator; methods change it. */
  readonly architecture: Architecture;
  /** Which tensor of a batch is learnt. */
  readonly real: 'images' | 'points';
  /** Samples in a frame. */
  readonly shown: number;
  data(random: RandomStream): Promise<Dataset>;
  /** The same game, whose pictures are frames to look at. */
  withFrames(game: Game<tf.Tensor>): Game<tf.Tensor>;
  measure(generator: SavedGenerator, random: RandomStream): Promise<Coverage>;
}

/** What a target is told besides. */
export interface TargetSettings {
  /** Width of the networks, where pictures are made. */
  readonly filters?: number | undefined;
  /** Folder where trained classifiers are kept. */
  readonly cache: string;
}

/** A target as the command line names it. */
export interface TargetKind {
  readonly defaults: Hyperparameters;
  /** Whether it has pictures, or points. */
  readonly pictures: boolean;
  make(settings: TargetSettings): Target;
  /** Work that is done once for all seeds. The backend has been started. */
  prepare?(settings: TargetSettings): Promise<void>;
}
