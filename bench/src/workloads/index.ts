import type { Workload } from '../workload';
import { dcgan28 } from './dcgan-28';
import { dcgan64 } from './dcgan-64';
import { mlp } from './mlp';
import { ops } from './ops';
import { resnet32 } from './resnet-32';
import { srresnet } from './srresnet';
import { wganGp28 } from './wgan-gp-28';

export const workloads: readonly Workload[] = [
  dcgan28,
  dcgan64,
  resnet32,
  srresnet,
  wganGp28,
  mlp,
  ...ops,
];
