import type { NamedDescription } from '@ganloom/backends';
import { gpuFlags, inChromium, softwareFlags } from '@ganloom/test-tools/in-chromium';
import type { Measured } from './measured';
import { trainingNames, type Weights } from './trainings';

/** Describes the backends of a page, on the machine's GPU, or else on one that is a program. */
export async function describeInChromium(
  executablePath: string,
  page: string,
  backend: string,
): Promise<{ readonly description: NamedDescription; readonly flags: readonly string[] }> {
  const describe = (flags: readonly string[]) =>
    inChromium(executablePath, page, (opened) => opened.evaluate(() => window.describe()), flags);
  for (const flags of [gpuFlags, softwareFlags]) {
    const description = (await describe(flags)).find(({ name }) => name === backend)!;
    if (description.isAvailable || flags === softwareFlags) return { description, flags };
  }
  throw new Error('unreachable');
}

/** Trains and checks in a page. */
export function runInChromium(
  executablePath: string,
  page: string,
  backend: string,
  flags: readonly string[],
): Promise<Measured> {
  return inChromium(
    executablePath,
    page,
    async (opened) => {
      const start = () => opened.evaluate((name) => window.start(name), backend);
      await start();
      const weights: Record<string, Weights | { readonly message: string }> = {};
      for (const name of trainingNames) {
        weights[name] = await opened
          .evaluate((one) => window.training(one), name)
          .catch(({ message }: Error) => ({ message }));
        await start();
      }
      return {
        weights,
        kernels: await opened.evaluate((name) => window.kernels(name), backend),
        gradients: await opened.evaluate((name) => window.gradients(name), backend),
      };
    },
    flags,
  );
}
