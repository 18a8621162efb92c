import { type Dataset, GanloomError, type Player, type Sample, type Variant } from '@ganloom/core';

/**
 * What is thrown in the place of an error of the first step, where TensorFlow.js speaks of layers that
 * the caller may never have named: with the shapes that have to fit each other. Errors that say where and
 * what themselves stay.
 */
export function firstStepFailed<S extends Sample>(
  { name, game }: Variant<S>,
  { shapes }: Dataset,
  error: unknown,
): unknown {
  if (GanloomError.isInstance(error) || !(error instanceof Error)) return error;
  const data = Object.entries(shapes).map(([part, shape]) => `${part} [${shape.join(', ')}]`);
  return new GanloomError(
    `train, variant "${name}": the first step must play through, but: ${error.message.split('\n')[0]}. ` +
      `An example of the data has ${data.join(', ')}; ${networksOf('generator', game.generator)}; ` +
      `${networksOf('discriminator', game.discriminator)}; make them fit each other`,
    { cause: error },
  );
}

function networksOf(side: string, { models }: Player): string {
  const all = Object.entries(models).map(([name, { inputs, outputs }]) => {
    const shapesOf = (ends: typeof inputs) =>
      ends.map(({ shape }) => `[${shape.slice(1).join(', ')}]`).join(' and ');
    return `${name === side ? '' : `"${name}" of `}the ${side} maps ${shapesOf(inputs)} to ${shapesOf(outputs)}`;
  });
  return all.join('; ');
}
