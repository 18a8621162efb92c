import type { Dataset, RandomStream } from '@ganloom/core';

/** What data a recipe needs. A command line opens them from files, a page from what it is given. */
export type DataNeed = PicturesNeed | PairsNeed | MadeData;

/** A set of pictures. */
export interface PicturesNeed {
  readonly kind: 'pictures';
  /** `mnist`, `folder:PATH`, …: a name that `openDataset` of `@ganloom/datasets/node` knows. */
  readonly dataset: string;
  /** Side of the pictures of a folder, which are shrunk and cut to it. */
  readonly size?: number;
  /** Of the pictures of a folder. */
  readonly channels?: 1 | 3;
  /** Whether the pictures must have classes. */
  readonly classes?: boolean;
  /** Which part of the set; default `train`. */
  readonly split?: 'train' | 'test';
}

/** Pictures at two resolutions. */
export interface PairsNeed {
  readonly kind: 'pairs';
  readonly dataset: string;
  readonly scale: number;
  /** Side of the high-resolution patches. */
  readonly patch: number;
  /** Larger pictures are shrunk to this first. */
  readonly shorterSide?: number;
}

/** Data that are computed. */
export interface MadeData {
  readonly kind: 'made';
  make(random: RandomStream): Dataset | Promise<Dataset>;
}
