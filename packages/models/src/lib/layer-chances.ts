import { type RandomStream, UsageError } from '@ganloom/core';

/** What `forward` hands to a layer's `call` beside the inputs. */
export interface CallArguments {
  readonly training?: boolean;
  readonly random?: RandomStream;
}

/**
 * The stream that a layer takes its chances from; at inference there may be none.
 *
 * @throws UsageError if there is none in training.
 */
export function chancesOf(
  where: string,
  given: CallArguments | undefined,
): RandomStream | undefined {
  const { training = false, random } = given ?? {};
  if (training && random === undefined) {
    throw new UsageError(
      `${where}: in training there must be a stream to take chances from, got none; ` +
        'run the network by forward(model, inputs, { training, random }) of @ganloom/gradients',
    );
  }
  return random;
}
