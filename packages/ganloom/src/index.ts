export { gan, type Gan, type GanOptions, type GanTrainOptions } from './lib/gan';
export { type LoadedGenerator, loadGenerator } from './lib/load-generator';
export type { AdversarialLoss, Dataset, SampleLoss, Term } from '@ganloom/core';
export { type Uint8Dataset, uint8Dataset, type Uint8DatasetOptions } from '@ganloom/datasets';
export type { Picture, Pictures } from '@ganloom/images';
export type { Generated, GenerateOptions } from '@ganloom/recipes';
export { memoryStore, type ReadableStore, type Store, urlStore } from '@ganloom/storage';
export type { EndEvent, TrainEvent } from '@ganloom/training';
