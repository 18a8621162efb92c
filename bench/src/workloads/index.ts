import type { Workload } from '../workload';
import { dcgan28 } from './dcgan-28';
import { ops } from './ops';

export const workloads: readonly Workload[] = [dcgan28, ...ops];
