import type { Findings } from './checks';
import type { Report } from './report';
import { weightsDiffer } from './same-weights';
import type { Weights } from './trainings';

/** What was found on a backend, before its weights are compared. */
export interface Measured {
  readonly kernels: Findings;
  readonly gradients: Findings;
  /** By the training; or what it threw. */
  readonly weights: Readonly<Record<string, Weights | { readonly message: string }>>;
}

/** Compares the weights of a backend with those of another. */
export function reportOf({ kernels, gradients, weights }: Measured, expected: Measured): Report {
  const trainings: Findings = {};
  for (const [name, trained] of Object.entries(weights)) {
    trainings[name] = isError(trained)
      ? trained.message
      : weightsDiffer(trained, expected.weights[name] as Weights);
  }
  return { kernels, gradients, trainings };
}

const isError = (trained: object): trained is { readonly message: string } =>
  'message' in trained && typeof trained.message === 'string';
