import type * as tf from '@tensorflow/tfjs';
import type { AdamStep } from './adam-step';
import type { BatchNormTraining } from './batch-norm-training';
import type { BatchNormTrainingGrad } from './batch-norm-training-grad';
import type { Dense } from './dense';
import type { ExtremumGrad } from './extremum-grad';
import type { LerpStep } from './lerp-step';
import type { LionStep } from './lion-step';
import type { RandomNormal } from './random-normal';
import type { RmsPropStep } from './rms-prop-step';
import type { SgdStep } from './sgd-step';

/** Kernels that return new tensors. */
export interface ValueKernelTypes {
  BatchNormTraining: BatchNormTraining;
  BatchNormTrainingGrad: BatchNormTrainingGrad;
  Dense: Dense;
  ExtremumGrad: ExtremumGrad;
  RandomNormal: RandomNormal;
}

/** Kernels that write into variables and return nothing. */
export interface InPlaceKernelTypes {
  AdamStep: AdamStep;
  LerpStep: LerpStep;
  LionStep: LionStep;
  RmsPropStep: RmsPropStep;
  SgdStep: SgdStep;
}

/** Every kernel beyond TensorFlow.js, by its name in TensorFlow.js' registry of kernels. */
export interface KernelTypes extends ValueKernelTypes, InPlaceKernelTypes {}

/** A kernel that makes new tensors. */
export type ValueKernelName = keyof ValueKernelTypes;
/** A kernel that writes into variables. */
export type InPlaceKernelName = keyof InPlaceKernelTypes;
/** A kernel beyond TensorFlow.js. */
export type KernelName = keyof KernelTypes;

type InputsOf<Name extends KernelName> = KernelTypes[Name] extends {
  written: infer Written;
  read: infer Read;
}
  ? Written & Read
  : KernelTypes[Name] extends { inputs: infer Inputs }
    ? Inputs
    : never;

type OutputsOf<Name extends KernelName> = KernelTypes[Name] extends { outputs: infer Outputs }
  ? Outputs
  : [];

/** Tensors as kernels have them. */
type Infos<Tensors> = { [Key in keyof Tensors]: tf.TensorInfo };

/** What the function of a kernel is given. */
export interface KernelArguments<Name extends KernelName, Backend = tf.KernelBackend> {
  readonly inputs: Infos<InputsOf<Name>>;
  readonly attrs: KernelTypes[Name]['attrs'];
  readonly backend: Backend;
}

/** What it returns: a tensor, or a list of them, which is empty for what it writes in place. */
export type KernelResult<Name extends KernelName> =
  OutputsOf<Name> extends tf.Tensor ? tf.TensorInfo : Infos<OutputsOf<Name>>;
