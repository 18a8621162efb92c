import type { Findings } from './checks';
import type { Report } from './report';
import { weightsDiffer } from './same-weights';
import { trainingNames, type Weights } from './trainings';

/** What was found on a backend, before its weights are compared. */
export interface Measured {
  readonly kernels: Findings;
  readonly gradients: Findings;
  /** By the training; or what it threw. */
  readonly weights: Readonly<Record<string, Weights | { readonly message: string }>>;
}

/** All trainings, each on a backend that is started anew, as the one before may have failed. */
export async function weightsOf(
  train: (name: string) => Promise<Weights>,
  start: () => Promise<unknown>,
): Promise<Measured['weights']> {
  const weights: Record<string, Weights | { readonly message: string }> = {};
  for (const name of trainingNames) {
    await start();
    weights[name] = await train(name).catch(({ message }: Error) => ({ message }));
  }
  await start();
  return weights;
}

/** What trainings must give. */
export type Expected = Readonly<Record<string, Weights>>;

/**
 * What trainings gave on the backend that others are compared with.
 *
 * @throws Error if one of them failed there.
 */
export function expectedOf({ weights }: Pick<Measured, 'weights'>): Expected {
  const trained = Object.entries(weights).map(([name, given]) => {
    if (isError(given)) throw new Error(`wasm does not train ${name}: ${given.message}`);
    return [name, given] as const;
  });
  return Object.fromEntries(trained);
}

/** Compares the weights of a backend with those that are expected. */
export function reportOf({ kernels, gradients, weights }: Measured, expected: Expected): Report {
  const trainings: Findings = {};
  for (const [name, trained] of Object.entries(weights)) {
    trainings[name] = isError(trained) ? trained.message : weightsDiffer(trained, expected[name]!);
  }
  return { kernels, gradients, trainings };
}

const isError = (trained: object): trained is { readonly message: string } =>
  'message' in trained && typeof trained.message === 'string';
