import type { NamedDescription } from '@ganloom/backends';
import { gpuFlags, inChromium, softwareFlags } from '@ganloom/test-tools/in-chromium';
import type { Page } from 'playwright-core';
import { type Measured, weightsOf } from './measured';

/** Describes the backends of a page, on the machine's GPU, or else on one that is a program. */
export async function describeInChromium(
  executablePath: string,
  page: string,
  backend: string,
): Promise<{ readonly description: NamedDescription; readonly flags: readonly string[] }> {
  const describe = async (flags: readonly string[]) => {
    const ask = (opened: Page) => opened.evaluate(() => window.describe());
    const all = await inChromium(executablePath, page, ask, flags);
    return all.find(({ name }) => name === backend)!;
  };
  const onGpu = await describe(gpuFlags);
  if (onGpu.isAvailable) return { description: onGpu, flags: gpuFlags };
  return { description: await describe(softwareFlags), flags: softwareFlags };
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
      const train = (name: string) => opened.evaluate((one) => window.training(one), name);
      return {
        weights: await weightsOf(train, start),
        kernels: await opened.evaluate((name) => window.kernels(name), backend),
        gradients: await opened.evaluate((name) => window.gradients(name), backend),
      };
    },
    flags,
  );
}
