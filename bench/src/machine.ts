import { cpus, loadavg, platform, release, totalmem } from 'node:os';

export const machine = () => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGB: Math.round(totalmem() / 2 ** 30),
  system: `${platform()} ${release()}`,
});

/** How many processes wanted a core in the last minute. */
export const load = () => loadavg()[0]!;
